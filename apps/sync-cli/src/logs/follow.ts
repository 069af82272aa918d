import { ClientError, RpcError } from '@muster/socket/client';
import type { Agent } from '../agent.ts';
import type { Answer } from '../answer.ts';
import { CliError } from '../errors.ts';
import type { Io } from '../io.ts';
import { quote } from '../render/names.ts';
import { waiter } from '../waiter.ts';
import { POLL_MS, type RunLog, type RunPrinter } from './run-printer.ts';

/** What it takes to follow a unit. */
export interface Following {
  readonly agent: Agent;
  readonly io: Io;
  readonly answer: Answer;
  readonly printer: (log: RunLog) => RunPrinter;
  readonly isRead: () => boolean;
}

/** The run to follow: that of the number, else the latest, else the first one, when it starts. */
export async function startedRun(
  { agent, io, answer }: Pick<Following, 'agent' | 'io' | 'answer'>,
  request: { readonly unit: string; readonly run?: number },
): Promise<RunLog> {
  try {
    return await agent.call('sync.logs', request);
  } catch (error) {
    if (!(error instanceof RpcError && error.code === 'not_started')) throw error;
  }
  const { unit } = request;
  answer.note(`Waits for ${quote(unit)} to start.`);
  // Without the time limit of the command, like all that follows.
  await agent.connection.call('sync.wait', { units: [unit], for: 'started', ...waiter('muster logs', io.env) });
  return await agent.connection.call('sync.logs', request);
}

/** Prints the output of a run until it has ended. Rejects with CliError `agent_gone` when the agent goes away before that. */
export async function followRun(log: RunLog, { agent, printer: print, isRead }: Following): Promise<void> {
  using printer = print(log);
  const pulse = new Pulse();
  const { unit, run } = log;
  let end: RunLog | Error | null = log.endedAt === null ? null : log;
  const settle = (ended: RunLog | Error): void => {
    end = ended;
    pulse.wake();
  };
  if (end === null) agent.connection.call('sync.logs', { unit, run, wait: true }).then(settle, settle);
  // What a call has set meanwhile, as TypeScript can't see.
  const ending = (): RunLog | Error | null => end;
  while (ending() === null && isRead()) {
    printer.open({ isLater: true });
    await printer.print();
    if (ending() === null) await pulse.pause(POLL_MS);
  }
  const ended = ending();
  await printer.finish(ended === null || ended instanceof Error ? log : ended);
  if (ended instanceof Error) throw isGone(ended) ? CliError.agentGone(agent.path) : ended;
}

function isGone(error: Error): boolean {
  return error instanceof ClientError && error.code === 'connection_lost';
}

/** A pause that can be cut short. */
class Pulse {
  #end: (() => void) | null = null;

  async pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#end = resolve;
    const timer = setTimeout(resolve, ms);
    await promise;
    clearTimeout(timer);
  }

  wake(): void {
    this.#end?.();
  }
}
