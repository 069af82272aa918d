import type { Params } from '@muster/socket/protocol';
import type { Io } from './io.ts';

/**
 * Who waits, for those who ask why: a command and its pid, never its arguments; and the run whose work it does, which a script
 * of the agent and a command of `muster run` have in their environment.
 */
export function waiter(command: string, env: Io['env']): Pick<Params<'sync.wait'>, 'label' | 'within'> {
  const label = `${command} (pid ${process.pid})`;
  const { MUSTER_UNIT: unit, MUSTER_RUN: run } = env;
  if (!unit || run === undefined || !/^[1-9]\d{0,14}$/.test(run)) return { label };
  return { label, within: { unit, run: Number(run), pid: process.pid } };
}
