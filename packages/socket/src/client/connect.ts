import { connect, type Socket } from 'node:net';
import { socketPathProblem } from '../path/socket-path.ts';
import { ClientError } from './client-error.ts';

export interface ConnectOptions {
  /** The agent's socket; see `resolveSocketPath`. */
  readonly path: string;
  /** How long to try again while no agent answers there, in milliseconds. Default 0: not at all. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** How long to try again when the queue of the socket is full: the agent is there, and takes the next ones in a moment. */
const FULL_QUEUE_MS = 10_000;

/** Between two attempts: random, so that those who were refused together don't come back together. */
const PAUSE_MS = { least: 5, most: 50 };

/**
 * Opens the socket. `EAGAIN` (its queue is full) is tried again for up to 10 s in any case; that nobody is there or
 * listening is tried again while `timeoutMs` lasts, since the agent may be about to start.
 *
 * @throws ClientError `path_invalid`, `path_too_long`, `agent_unreachable`, `canceled`.
 */
export async function openSocket({ path, timeoutMs = 0, signal }: ConnectOptions): Promise<Socket> {
  const problem = socketPathProblem(path);
  if (problem !== null) throw new ClientError(problem.code, problem, { path });
  let begun: number | undefined;
  for (;;) {
    if (signal?.aborted) throw canceled(path);
    const attempt = await connectOnce(path);
    if (typeof attempt !== 'string') return attempt;
    // Not before the first attempt, which takes no time: a client that gets in at once needs no clock, which Node loads late.
    begun ??= performance.now();
    const left = begun + patience(attempt, timeoutMs) - performance.now();
    if (left <= 0) throw unreachable(path, attempt);
    await pause(Math.min(left, PAUSE_MS.least + Math.random() * (PAUSE_MS.most - PAUSE_MS.least)), signal);
  }
}

/** An open socket, or the errno of the failure. */
function connectOnce(path: string): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const fail = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

function patience(errno: string, timeoutMs: number): number {
  switch (errno) {
    case 'EAGAIN':
      return Math.max(timeoutMs, FULL_QUEUE_MS);
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ECONNRESET':
      return timeoutMs;
    default:
      return 0;
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}

function canceled(path: string): ClientError {
  return new ClientError('canceled', { message: 'gave up before the agent answered.', hint: 'Try again.' }, { path });
}

function unreachable(path: string, errno: string): ClientError {
  const [meaning, hint] = EXPLANATIONS[errno] ?? ['the system gave no other reason', NAME_IT];
  const message = `no agent answers at ${JSON.stringify(path)} (${errno}: ${meaning}).`;
  return new ClientError('agent_unreachable', { message, hint }, { path, errno });
}

const NAME_IT = 'Name the socket of an agent with --socket or MUSTER_SOCKET.';
const START_IT =
  'Does it run, as this user? Start it with "muster-agent run FILE", or name its socket with --socket or MUSTER_SOCKET.';
const FOREIGN = `Only the user whose agent it is can open it. ${NAME_IT}`;
const OPEN_FILES = 'Close some, or raise the limit (ulimit -n).';

/** What a refusal of the system means here, and what to do about it. */
const EXPLANATIONS: Readonly<Record<string, readonly [meaning: string, hint: string]>> = {
  ENOENT: ['nothing is there', START_IT],
  ECONNREFUSED: ['nobody listens there', START_IT],
  ECONNRESET: ['it hung up', START_IT],
  EACCES: ['this user may not open it', FOREIGN],
  EPERM: ['this user may not open it', FOREIGN],
  ENOTDIR: ['a part of the path is not a directory', NAME_IT],
  EAGAIN: ['too many clients at once', 'Try again in a moment.'],
  EMFILE: ['too many open files', OPEN_FILES],
  ENFILE: ['too many open files', OPEN_FILES],
};
