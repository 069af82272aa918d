import { CliError } from './errors.ts';
import type { Io } from './io.ts';

/**
 * The unit that a command is about: its only argument, else `MUSTER_UNIT`, which the agent sets for the scripts it runs.
 * An empty variable counts as unset; an empty argument doesn't, so that `"$UNSET"` in a script is noticed by the agent.
 *
 * @throws CliError `usage` where neither is there, or there is more than one argument.
 */
export function unitArgument(command: string, names: readonly string[], env: Io['env']): string {
  const [name, ...extra] = names;
  if (extra.length > 0) throw CliError.tooManyArguments(command, extra, `${command} UNIT`);
  const unit = name ?? (env.MUSTER_UNIT || undefined);
  if (unit === undefined) throw CliError.missingUnit(command);
  return unit;
}
