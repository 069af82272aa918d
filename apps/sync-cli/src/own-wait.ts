import type { UnitInfo } from '@muster/socket/protocol';
import type { Agent } from './agent.ts';
import type { Io } from './io.ts';
import { quote } from './render/names.ts';
import { ownRun } from './waiter.ts';

const ONLY_BESIDE = 'It can only be met if the script goes on beside it.';

/**
 * What to say of a wait for a unit that the waiting command is part of the work of; `null` for any other. It is no error: a
 * script may leave such a wait in the background, and nothing tells that from one that holds it up.
 */
export function ownUnitNote(
  { unit, status, run }: Pick<UnitInfo, 'unit' | 'status' | 'run'>,
  env: Io['env'],
): string | null {
  const own = ownRun(env);
  if (own === null || own.unit !== unit || own.run !== run || status !== 'started') return null;
  return `This waits for unit ${quote(unit)}, and is part of its work. ${ONLY_BESIDE}`;
}

/** The same for a wait for the whole start, from inside a script of the agent that has not reported its end. */
export async function ownStartNote(agent: Agent, env: Io['env']): Promise<string | null> {
  const own = ownRun(env);
  // Only processes below a script of the agent have it.
  if (own === null || env.MUSTER_RUN_ID === undefined) return null;
  const { status, run } = await agent.call('sync.status', { unit: own.unit });
  if (status !== 'started' || run !== own.run) return null;
  return `This waits for the whole start, and is part of it as work of unit ${quote(own.unit)}. ${ONLY_BESIDE}`;
}
