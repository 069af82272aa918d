import type { Duplex } from 'node:stream';
import { FrameSplitter } from '../frame-splitter.ts';
import type { Method, Notification, NotificationParams, Params, Result } from '../protocol/methods.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { askWhy } from './ask-why.ts';
import { ClientError } from './client-error.ts';
import { type ConnectOptions, openSocket } from './connect.ts';
import { RpcError } from './rpc-error.ts';

export type { ConnectOptions } from './connect.ts';

export interface CallOptions {
  /**
   * Gives the request up. The call then rejects with `canceled`, unless the agent had carried it out already: what was
   * done is never reported as given up.
   */
  readonly signal?: AbortSignal;
}

/** The longest answer, in bytes: a list of 100,000 units has about 30 MB. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/** How long an agent may take to confirm that a request is given up, in milliseconds, before the connection is cut. */
const CANCEL_MS = 1_000;

/** A request that waits for its answer. */
interface PendingCall {
  resolve(result: unknown): void;
  reject(error: RpcError | ClientError): void;
}

type Listener = (params: unknown) => void;

type State = { readonly kind: 'open' } | { readonly kind: 'closed'; readonly error: RpcError | ClientError };

/**
 * One connection to an agent. Many calls may be under way at once. The connection keeps the process alive until it is
 * disposed of or lost.
 */
export class SyncClient implements AsyncDisposable {
  readonly #stream: Duplex;
  readonly #splitter = new FrameSplitter(MAX_ANSWER_BYTES);
  readonly #pending = new Map<number, PendingCall>();
  readonly #listeners = new Map<Notification, Set<Listener>>();
  readonly #closed: Promise<void>;
  #state: State = { kind: 'open' };
  /** An error that the agent sent to the connection as a whole, before it closed it. */
  #farewell: RpcError | null = null;
  #lastId = 0;
  /** Whether the agent has said anything. */
  #hasHeard = false;

  /** @param path The socket that the stream leads to; `null` for a stream that came from elsewhere. */
  private constructor(stream: Duplex, path: string | null) {
    this.#stream = stream;
    let errno: string | undefined;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('end', () => stream.destroy());
    stream.on('error', (error: NodeJS.ErrnoException) => {
      errno = error.code;
    });
    this.#closed = new Promise((resolve) => {
      stream.once('close', () => resolve(this.#lose(errno, path)));
    });
  }

  /** Connects to the agent's socket; see {@link ConnectOptions}. @throws ClientError */
  static async connect(options: ConnectOptions): Promise<SyncClient> {
    return new SyncClient(await openSocket(options), options.path);
  }

  /** Speaks over a stream that is open already, for example one end of a `duplexPair`. */
  static over(stream: Duplex): SyncClient {
    return new SyncClient(stream, null);
  }

  /** Settles when the connection has ended, from whichever side. Never rejects. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /**
   * Sends a request and waits for its answer, for as long as it takes.
   *
   * @throws RpcError the agent refused it. ClientError `connection_lost`, `protocol_violation`, `canceled`.
   */
  call<M extends Method>(method: M, params: Params<M>, { signal }: CallOptions = {}): Promise<Result<M>> {
    if (signal?.aborted) return Promise.reject(canceled(method));
    const { promise, resolve, reject } = Promise.withResolvers<Result<M>>();
    const id = this.#send(method, params, {
      resolve: (result) => resolve(result as Result<M>), // The table of methods is the agent's promise.
      reject: (error) => reject(signal?.aborted && error.code === 'canceled' ? canceled(method) : error),
    });
    if (signal === undefined || id === null) return promise;
    const abort = (): void => this.#cancel(id);
    signal.addEventListener('abort', abort, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Calls back with every notification of that name from now on. Dispose of the result to stop. */
  onNotification<N extends Notification>(name: N, listener: (params: NotificationParams<N>) => void): Disposable {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    const entry: Listener = (params) => listener(params as NotificationParams<N>); // As promised by the table.
    listeners.add(entry);
    return { [Symbol.dispose]: () => void listeners.delete(entry) };
  }

  /** Ends the connection; calls under way reject with `connection_lost`. May be called again. */
  close(): Promise<void> {
    this.#close(lost());
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @returns the id of the request; `null` if the connection is closed and the call has been rejected. */
  #send(method: Method, params: unknown, call: PendingCall): number | null {
    if (this.#state.kind === 'closed') {
      call.reject(this.#state.error);
      return null;
    }
    const id = ++this.#lastId;
    this.#pending.set(id, call);
    // With every request, so that an agent that would understand it otherwise refuses it before it does anything.
    this.#stream.write(`${JSON.stringify({ jsonrpc: '2.0', protocol: PROTOCOL_VERSION, id, method, params })}\n`);
    return id;
  }

  #cancel(id: number): void {
    const ignore = (): void => {
      // The answer of the request itself is what counts.
    };
    this.#send('cancel', { id }, { resolve: ignore, reject: ignore });
    const timer = setTimeout(() => {
      if (this.#pending.has(id)) this.#close(lost());
    }, CANCEL_MS);
    timer.unref();
  }

  #receive(chunk: Buffer): void {
    this.#hasHeard = true;
    this.#splitter.push(chunk);
    while (this.#state.kind === 'open') {
      const frame = this.#splitter.next();
      if (frame === null) return;
      if (frame.kind === 'frame') this.#handle(frame.text);
      else this.#close(violation('an answer of more than 256 MiB'));
    }
  }

  #handle(text: string): void {
    const message = parseObject(text);
    if (message === null) this.#close(violation('a line that is not a JSON object'));
    else if (typeof message.method === 'string') this.#notify(message.method, message.params);
    else if (message.id === null && 'error' in message) this.#farewell = RpcError.fromWire(message.error);
    else this.#settle(message);
  }

  #settle(answer: Record<string, unknown>): void {
    const call = this.#pending.get(Number(answer.id));
    if (call === undefined) {
      this.#close(violation('an answer to no request'));
      return;
    }
    this.#pending.delete(Number(answer.id));
    if ('error' in answer) call.reject(RpcError.fromWire(answer.error));
    else call.resolve(answer.result);
  }

  #notify(name: string, params: unknown): void {
    // A name that this version doesn't know has no listeners.
    for (const listener of this.#listeners.get(name as Notification) ?? []) listener(params);
  }

  async #lose(errno: string | undefined, path: string | null): Promise<void> {
    const isTurnedAway = errno === 'EPIPE' && this.#state.kind === 'open' && !this.#hasHeard;
    if (isTurnedAway && path !== null) this.#farewell ??= await askWhy(path);
    this.#close(lost(errno));
  }

  #close(error: ClientError): void {
    if (this.#state.kind === 'closed') return;
    const cause = this.#farewell ?? error;
    this.#state = { kind: 'closed', error: cause };
    this.#stream.destroy();
    for (const call of this.#pending.values()) call.reject(cause);
    this.#pending.clear();
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null; // Just checked.
  } catch {
    // Said by the caller, who knows what it was to be.
    return null;
  }
}

function lost(errno?: string): ClientError {
  const why = errno === undefined ? '' : ` (${errno})`;
  return new ClientError(
    'connection_lost',
    {
      message: `the connection to the agent has ended before it answered${why}.`,
      hint: 'Every request may be sent again: what was done already is said so. Ask with `muster ping` whether an agent runs.',
    },
    errno === undefined ? {} : { errno },
  );
}

function violation(what: string): ClientError {
  return new ClientError('protocol_violation', {
    message: `what answers on the socket does not speak this protocol: it sent ${what}.`,
    hint: 'Name the socket of an agent with --socket or MUSTER_SOCKET.',
  });
}

function canceled(method: string): ClientError {
  return new ClientError('canceled', {
    message: `${method} was given up before the agent answered.`,
    hint: 'Nothing was changed by it.',
  });
}
