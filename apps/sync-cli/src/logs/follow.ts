import { setTimeout } from 'node:timers/promises';
import { ClientError, RpcError } from '@muster/socket/client';
import type { Agent } from '../agent.ts';
import type { Answer } from '../answer.ts';
import { CliError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { quote } from '../render/names.ts';
import { waiter } from '../waiter.ts';
import type { Printing } from './printing.ts';
import { POLL_MS, type RunLog } from './run-printer.ts';

/** What it takes to follow units. */
interface Following extends Printing {
  readonly agent: Agent;
  readonly io: Io;
  readonly answer: Answer;
}

/** A unit, and which run of it; without a number the latest, or the first one when it starts. */
interface Request {
  readonly unit: string;
  readonly run?: number;
}

/**
 * Follows all at once, until all have ended. What can't be followed at all is refused before anything is printed; an error that comes
 * later is told when it comes, and keeps nobody from following the others.
 *
 * @returns the exit code of the first error that was told.
 */
export async function follow(following: Following, requests: readonly Request[]): Promise<ExitCode | undefined> {
  const { agent, isRead, report } = following;
  const begun = await Promise.all(requests.map((request) => begunRun(agent, request)));
  let first: ExitCode | undefined;
  const followOne = async (request: Request, log: RunLog | null): Promise<void> => {
    try {
      await followRun(log ?? (await nextRun(following, request)), following, { isNew: log === null });
    } catch (error) {
      const exitCode = isRead() ? report(error) : undefined;
      first ??= exitCode;
    }
  };
  await Promise.all(requests.map((request, index) => followOne(request, begun[index] ?? null)));
  return first;
}

/** The run, or `null` where it is the first one, and has not started. */
async function begunRun(agent: Agent, request: Request): Promise<RunLog | null> {
  try {
    return await agent.call('sync.logs', request);
  } catch (error) {
    const { run = 1 } = request;
    if (run === 1 && error instanceof RpcError && error.code === 'not_started') return null;
    throw error;
  }
}

/** Waits for the start, like all that follows without the time limit of the command. */
async function nextRun({ agent, io, answer }: Following, request: Request): Promise<RunLog> {
  const { unit } = request;
  answer.note(`Waits for ${quote(unit)} to start.`);
  await agent.connection.call('sync.wait', { units: [unit], for: 'started', ...waiter('muster logs', io.env) });
  return await agent.connection.call('sync.logs', request);
}

/** Prints the output of a run until it has ended. Rejects with CliError `agent_gone` when the agent goes away before that. */
async function followRun(
  log: RunLog,
  { agent, printer: print, isRead }: Following,
  how: { readonly isNew: boolean },
): Promise<void> {
  using printer = print(log, how);
  const ending = new AbortController();
  const end = endOf(log, agent).finally(() => ending.abort());
  while (!ending.signal.aborted && isRead()) {
    printer.open({ isLater: true });
    await printer.print();
    // Cut short by the end.
    await setTimeout(POLL_MS, undefined, { signal: ending.signal }).catch(() => undefined);
  }
  if (!isRead()) return;
  const ended = await end;
  await printer.finish(ended instanceof Error ? log : ended);
  if (ended instanceof Error) throw isGone(ended) ? CliError.agentGone(agent.path) : ended;
}

/** How the run has ended, or why nobody will tell. */
async function endOf(log: RunLog, { connection }: Agent): Promise<RunLog | Error> {
  if (log.endedAt !== null) return log;
  const { unit, run } = log;
  return await connection.call('sync.logs', { unit, run, wait: true }).catch((error: Error) => error);
}

function isGone(error: Error): boolean {
  return error instanceof ClientError && error.code === 'connection_lost';
}
