import { RpcError } from '@muster/socket/client';
import type { Result } from '@muster/socket/protocol';
import type { Agent } from './agent.ts';

/** What the agent knows under a name. */
export type FoundUnit =
  | { readonly kind: 'known'; readonly info: Result<'sync.status'> }
  | { readonly kind: 'unknown'; readonly nearest: readonly string[] };

/** Looks a unit up; that nobody has mentioned it is an answer. @throws whatever else goes wrong with the request */
export async function findUnit(agent: Agent, unit: string): Promise<FoundUnit> {
  try {
    return { kind: 'known', info: await agent.call('sync.status', { unit }) };
  } catch (error) {
    if (error instanceof RpcError && error.code === 'unknown_unit')
      return { kind: 'unknown', nearest: error.facts.nearest ?? [] };
    throw error;
  }
}
