import type { Io } from '../io.ts';

/** The environment of a wrapped command: ours, and the agent that we were told to use. */
export function wrappedEnvironment(env: Io['env'], socket: string | undefined): NodeJS.ProcessEnv {
  return { ...env, ...(socket !== undefined && { MUSTER_SOCKET: socket }) };
}

/**
 * The environment of a command that is the work of a unit: inside it, that unit is the one meant where none is named. The
 * token of another unit's script stays outside. `MUSTER_RUN_ID` stays, since by it the agent finds what a script left behind.
 */
export function unitEnvironment(env: NodeJS.ProcessEnv, { unit, run }: { unit: string; run: number }) {
  const { MUSTER_TOKEN, ...rest } = env;
  const isOwn = env.MUSTER_UNIT === unit && MUSTER_TOKEN !== undefined;
  return { ...rest, MUSTER_UNIT: unit, MUSTER_RUN: String(run), ...(isOwn && { MUSTER_TOKEN }) };
}
