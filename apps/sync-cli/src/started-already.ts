import type { Agent } from './agent.ts';
import { CliError } from './errors.ts';
import type { Io } from './io.ts';
import { ownRun } from './waiter.ts';

/** The refusal of a command that has to be the one to start a unit. */
export async function startedAlready(agent: Agent, unit: string, env: Io['env']): Promise<CliError> {
  const info = await agent.call('sync.status', { unit });
  const own = ownRun(env);
  const isOwn = own !== null && own.unit === unit && own.run === info.run;
  return isOwn ? CliError.startedAlreadyByItself(own) : CliError.alreadyStarted(unit, info);
}
