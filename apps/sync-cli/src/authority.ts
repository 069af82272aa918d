import type { Params } from '@muster/socket/protocol';
import type { OptionSpec } from './commands/command.ts';
import type { Io } from './io.ts';

/** `--force` of the commands that report a unit. */
export const FORCE_OPTION = {
  summary: 'Report it although it belongs to a script of the agent; this is recorded',
} as const satisfies OptionSpec;

/**
 * By what right a unit is reported: `MUSTER_TOKEN`, which the agent gives to each run of a script, and `--force`. The token
 * travels over the socket only; it is never printed.
 */
export function authority(force: boolean, env: Io['env']): Pick<Params<'sync.complete'>, 'token' | 'force'> {
  const token = env.MUSTER_TOKEN;
  return { ...(token && { token }), ...(force && { force }) };
}
