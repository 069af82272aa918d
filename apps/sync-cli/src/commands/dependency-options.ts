import type { Params } from '@muster/socket/protocol';
import { CliError } from '../errors.ts';
import type { OptionSpec } from './command.ts';

/** The options that declare dependencies in the same step. */
export const DEPENDENCY_OPTIONS = {
  needs: {
    value: 'DEP',
    many: true,
    completes: 'units',
    summary: 'It waits until DEP has succeeded, and is skipped if that fails; may be repeated',
  },
  after: {
    value: 'DEP',
    many: true,
    completes: 'units',
    summary: 'It waits until DEP has completed, however that ended; may be repeated',
  },
} as const satisfies Record<string, OptionSpec>;

/**
 * The dependencies that the options name, for a request. A list that is empty is left out.
 *
 * @throws CliError `usage` for a unit that is in both lists.
 */
export function namedDependencies(options: {
  readonly needs: readonly string[];
  readonly after: readonly string[];
}): Pick<Params<'sync.start'>, 'needs' | 'after'> {
  const { needs, after } = options;
  const both = needs.find((unit) => after.includes(unit));
  if (both !== undefined) throw CliError.twiceNamed(both);
  return { ...(needs.length > 0 && { needs: [...needs] }), ...(after.length > 0 && { after: [...after] }) };
}
