import type { Agent } from './agent.ts';
import { CliError } from './errors.ts';

/** The refusal of a command that has to be the one to start a unit. */
export async function startedAlready(agent: Agent, unit: string): Promise<CliError> {
  return CliError.alreadyStarted(unit, await agent.call('sync.status', { unit }));
}
