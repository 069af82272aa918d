import { isAbsolute } from 'node:path';
import { ClientError, RpcError, resolveSocketPath, SyncClient } from '@muster/socket/client';
import type { Method, NotificationParams, Params, Result } from '@muster/socket/protocol';
import { parseDuration } from './duration.ts';
import { CliError } from './errors.ts';
import type { Io } from './io.ts';
import { monotonicMs } from './monotonic-ms.ts';

/** How much longer than the agent's own limit to wait for its answer that time is up, in milliseconds. */
const GRACE_MS = 2_000;

/** The options of a command that say how to reach the agent. */
export interface AgentOptions {
  readonly socket: string | undefined;
  readonly timeout: string | undefined;
  readonly 'connect-timeout': string | undefined;
}

/** A connection to the agent that lasts for one command. */
export class Agent {
  readonly #client: SyncClient;
  readonly #clock: Clock;

  private constructor(client: SyncClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /**
   * Connects, runs `work` and disconnects. `--timeout` limits the whole of it, connecting included; without it `defaultMs`
   * limits what comes after, and `--connect-timeout` the connecting.
   *
   * @throws CliError `usage`, `no_answer`; ClientError and RpcError of the calls.
   */
  static async use(
    from: { readonly options: AgentOptions; readonly io: Io; readonly defaultMs: number },
    work: (agent: Agent) => Promise<void>,
  ): Promise<void> {
    const limitMs = readDuration('--timeout', from.options.timeout);
    const connectMs = readDuration('--connect-timeout', from.options['connect-timeout']) ?? 0;
    const { path, source } = resolveSocketPath({ flag: from.options.socket, env: from.io.env });
    if (source === 'cache_dir' && !isAbsolute(path)) throw withoutHome();
    using clock = new Clock(path);
    if (limitMs !== undefined) clock.begin(limitMs);
    const client = await clock.limit((signal) => SyncClient.connect({ path, timeoutMs: connectMs, signal }));
    try {
      if (limitMs === undefined) clock.begin(from.defaultMs);
      await work(new Agent(client, clock));
    } finally {
      // Not at once: a process that is about to end leaves it to the system, which is sooner done than Node is.
      setImmediate(() => void client.close());
    }
  }

  /** The connection itself, for a command that goes on listening: the time limit holds only for the calls of this class. */
  get connection(): SyncClient {
    return this.#client;
  }

  /** The socket of the agent. */
  get path(): string {
    return this.#clock.path;
  }

  /** One request. Rejects with CliError `no_answer` when the time of the command is over. */
  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    return this.#clock.limit((signal) => this.#client.call(method, params, { signal }));
  }

  /**
   * `sync.start`, with the rest of the command's time as the agent's own limit, so that the agent is the one to say what
   * was still unmet.
   */
  async start(
    params: Omit<Params<'sync.start'>, 'timeoutMs' | 'progress'>,
    onWaiting: (waiting: NotificationParams<'sync.waiting'>) => void,
  ): Promise<Result<'sync.start'>> {
    using _listener = this.#client.onNotification('sync.waiting', onWaiting);
    return await this.callWithin('sync.start', { ...params, progress: true });
  }

  /** A request that waits, with the rest of the command's time as the agent's own limit: it can say what was missing. */
  callWithin<M extends 'sync.start' | 'sync.wait' | 'sync.lock'>(method: M, params: Params<M>): Promise<Result<M>> {
    const timeoutMs = this.#clock.remainingMs();
    this.#clock.extend(GRACE_MS);
    return this.call(method, { ...params, timeoutMs });
  }
}

/** Ends what is under way when the time of the command is over. There is no limit before it begins. */
class Clock implements Disposable {
  /** The socket, for the messages. */
  readonly path: string;
  readonly #controller = new AbortController();
  #limitMs = 0;
  #begunAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.path = path;
  }

  begin(limitMs: number): void {
    this.#limitMs = limitMs;
    this.#begunAt = monotonicMs();
    this.extend(0);
  }

  /** 0 stands for ever, so what is left of a limit is at least 1. */
  remainingMs(): number {
    if (this.#limitMs === 0) return 0;
    return Math.max(1, Math.ceil(this.#limitMs - (monotonicMs() - this.#begunAt)));
  }

  extend(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#limitMs === 0) return;
    this.#timer = setTimeout(() => this.#controller.abort(), this.remainingMs() + ms);
  }

  async limit<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await work(this.#controller.signal);
    } catch (error) {
      // What happens after the time is over is a consequence, except for an answer that came just in time.
      if (this.#controller.signal.aborted && !(error instanceof RpcError))
        throw CliError.noAnswer(this.path, this.#limitMs);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** Its path would be refused as relative, which nobody wrote. */
function withoutHome(): ClientError {
  return new ClientError('path_invalid', {
    message: 'there is no default path of the socket: HOME is not set.',
    hint: 'Set HOME, or name a socket with --socket or MUSTER_SOCKET.',
  });
}

function readDuration(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === null) throw CliError.invalidDuration(option, text);
  return ms;
}
