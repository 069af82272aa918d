import type { Params } from '@muster/socket/protocol';
import type { Io } from './io.ts';

/**
 * Who waits, for those who ask why: a command and its pid, never its arguments; and the run whose work it does, which a script
 * of the agent and a command of `muster run` have in their environment.
 */
export function waiter(command: string, env: Io['env']): Pick<Params<'sync.wait'>, 'label' | 'within'> {
  const label = `${command} (pid ${process.pid})`;
  const within = ownRun(env);
  return within === null ? { label } : { label, within: { ...within, pid: process.pid } };
}

/** The run whose work this command is part of, by its environment. */
export function ownRun({ MUSTER_UNIT: unit, MUSTER_RUN: run }: Io['env']): { unit: string; run: number } | null {
  if (!unit || run === undefined || !/^[1-9]\d{0,14}$/.test(run)) return null;
  return { unit, run: Number(run) };
}
