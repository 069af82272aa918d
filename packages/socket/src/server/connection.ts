import type { Duplex } from 'node:stream';
import type { UnitManager } from '@muster/unit';
import { FrameSplitter } from '../frame-splitter.ts';
import type { Notification, NotificationParams } from '../protocol/methods.ts';
import { Call } from './call.ts';
import type { Dispatcher } from './dispatcher.ts';
import { EventStream } from './event-stream.ts';
import type { Caller } from './handlers/handler.ts';
import type { Limits } from './limits.ts';
import { type Request, readRequest } from './read-request.ts';
import { RequestError } from './request-error.ts';
import type { SocketLogger } from './socket-logger.ts';
import type { UnitViews } from './unit-view.ts';
import { answerLine, errorLine, notificationLine, refusalLine } from './wire-messages.ts';

export interface ConnectionOptions {
  readonly dispatcher: Dispatcher;
  readonly units: UnitManager;
  readonly views: UnitViews;
  readonly limits: Limits;
  readonly logger: SocketLogger;
}

/** How often a client that sends nothing more is looked after, in milliseconds. */
const PROBE_MS = 1_000;

/**
 * - `open`: requests are read and answered
 * - `ending`: nothing is read any more; what was written still goes out
 * - `closed`: the stream is gone
 */
type State = 'open' | 'ending' | 'closed';

/**
 * One client. Its memory is bounded by construction: nothing is read while the client doesn't take its answers, so at
 * most one answer, the waiting requests and the stream's own buffer are held for it.
 */
export class Connection implements AsyncDisposable, Caller {
  readonly closed: Promise<void>;
  readonly #stream: Duplex;
  readonly #options: ConnectionOptions;
  readonly #splitter: FrameSplitter;
  readonly #calls = new Set<Call>();
  /** Made on demand: most connections hold nothing. */
  #endActions: Set<() => void> | null = null;
  #state: State = 'open';
  /** The stream's buffer is full until it says `drain`. */
  #isBlocked = false;
  #events: EventStream | null = null;
  #frameTimer: NodeJS.Timeout | null = null;
  /** The client sends nothing more. */
  #isHalfClosed = false;
  #probeTimer: NodeJS.Timeout | null = null;

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#splitter = new FrameSplitter(options.limits.frameBytes);
    this.closed = new Promise((resolve) => {
      stream.once('close', () => {
        this.#closeDown();
        resolve();
      });
    });
    stream.on('error', (error: NodeJS.ErrnoException) =>
      options.logger.debug({ errno: error.code }, 'connection lost'),
    );
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('drain', () => this.#unblock());
    stream.on('end', () => this.#finish());
  }

  notify<N extends Notification>(name: N, params: NotificationParams<N>): void {
    if (this.#state === 'open' && !this.#isBlocked) this.#write(notificationLine(name, params));
  }

  watch(seq: number): void {
    this.#events?.[Symbol.dispose]();
    const isWritable = (): boolean => this.#state === 'open' && !this.#isBlocked;
    const sink = {
      get isWritable(): boolean {
        return isWritable();
      },
      write: (text: string) => this.#write(text),
    };
    const { units, views } = this.#options;
    this.#events = new EventStream({ units, views, seq }, sink);
  }

  onEnd(action: () => void): Disposable {
    const entry = (): void => action();
    if (this.#state !== 'open') action();
    else {
      this.#endActions ??= new Set();
      this.#endActions.add(entry);
    }
    return { [Symbol.dispose]: () => void this.#endActions?.delete(entry) };
  }

  cancel(id: string | number): boolean {
    const text = JSON.stringify(id);
    const call = [...this.#calls].find((candidate) => candidate.id === text);
    call?.abort(RequestError.canceled());
    return call !== undefined;
  }

  /** Answers the waiting requests with `shutting_down`, says so to the client, and ends the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === 'open') {
      await this.#abortCalls(RequestError.shuttingDown());
      this.#write(refusalLine(RequestError.shuttingDown()));
      this.#end();
      this.#stream.once('finish', () => this.#stream.destroy());
    }
    await this.closed;
  }

  #receive(chunk: Buffer): void {
    if (this.#state !== 'open') return;
    this.#splitter.push(chunk);
    this.#process();
  }

  /** Handles whole frames for as long as the client takes the answers. */
  #process(): void {
    this.#stream.cork();
    while (this.#state === 'open' && !this.#isBlocked) {
      const frame = this.#splitter.next();
      if (frame === null) break;
      if (frame.kind === 'too_large') this.#refuse(RequestError.frameTooLarge(this.#options.limits.frameBytes));
      else this.#handle(frame.text);
    }
    this.#stream.uncork();
    this.#watchPartialFrame();
  }

  #handle(text: string): void {
    const read = readRequest(text);
    if (read.kind === 'malformed') this.#write(errorLine(read.id, read.error));
    else if (this.#calls.size < this.#options.limits.requestsInFlight) this.#carryOut(read.request);
    else this.#answerError(read.request, RequestError.tooManyRequests(this.#calls.size));
  }

  #carryOut(request: Request): void {
    const call = new Call(request.id);
    try {
      const result = this.#options.dispatcher.dispatch(request, this, call);
      if (result instanceof Promise) this.#await(request, call, result);
      else this.#answer(request, result);
    } catch (error) {
      this.#answerError(request, error);
    }
  }

  #await(request: Request, call: Call, result: Promise<unknown>): void {
    this.#calls.add(call);
    call.settled = result.then(
      (value) => {
        this.#calls.delete(call);
        this.#answer(request, value);
        this.#endIfDone();
      },
      (error) => {
        this.#calls.delete(call);
        this.#answerError(request, error);
        this.#endIfDone();
      },
    );
  }

  #answer({ id }: Request, result: unknown): void {
    if (id !== null) this.#write(answerLine(id, result));
  }

  #answerError({ id, method }: Request, error: unknown): void {
    const refusal = this.#options.dispatcher.toRequestError(error, method);
    if (id !== null) this.#write(errorLine(id, refusal));
  }

  #write(text: string): void {
    if (this.#state === 'closed' || this.#stream.writableEnded) return;
    if (this.#stream.write(text)) return;
    this.#isBlocked = true;
    this.#stream.pause();
  }

  #unblock(): void {
    this.#isBlocked = false;
    this.#events?.pump();
    if (this.#state === 'open') this.#process();
    if (!this.#isBlocked) this.#stream.resume();
  }

  /** A request must be whole within its time, so that half ones don't hold connections for ever. */
  #watchPartialFrame(): void {
    const isPartial = this.#state === 'open' && !this.#isBlocked && this.#splitter.hasPartialFrame;
    if (!isPartial) {
      if (this.#frameTimer !== null) clearTimeout(this.#frameTimer);
      this.#frameTimer = null;
      return;
    }
    const { frameMs } = this.#options.limits;
    this.#frameTimer ??= setTimeout(() => this.#refuse(RequestError.frameTimedOut(frameMs)), frameMs);
  }

  /** Ends a connection that can't go on, and reads on for a moment: closing with bytes unread would destroy the answer. */
  #refuse(error: RequestError): void {
    if (this.#state !== 'open') return;
    this.#options.logger.warn({ reason: error.code }, 'connection ended');
    void this.#abortCalls(error);
    this.#write(refusalLine(error));
    this.#end();
    this.#stream.resume();
  }

  /**
   * The client sends nothing more. One that only closed its sending side, as `nc -N` does at the end of its input, gets what
   * it asked for; then the connection ends.
   */
  #finish(): void {
    if (this.#state !== 'open') {
      this.#stream.end(() => this.#stream.destroy());
      return;
    }
    const rest = this.#splitter.end();
    if (rest?.kind === 'frame') this.#handle(rest.text);
    this.#isHalfClosed = true;
    // A lock or a lease would end together with this connection, right after the answer: nobody has any use for that.
    if (this.#endActions !== null && this.#endActions.size > 0) this.#end();
    this.#endIfDone();
    this.#probe();
  }

  #endIfDone(): void {
    const isDone = this.#isHalfClosed && this.#calls.size === 0 && this.#events === null;
    if (this.#state !== 'open' || !isDone) return;
    this.#end();
    this.#stream.once('finish', () => this.#stream.destroy());
  }

  /**
   * A client that is gone looks like one that sends nothing more. Writing nothing tells them apart: it fails at once for the
   * one that is gone, now or when it goes later, and the other one never notices.
   */
  #probe(): void {
    if (this.#state !== 'open') return;
    if (!this.#isBlocked) {
      this.#stream.write('', (error) => {
        if (error) this.#closeDown();
      });
    }
    this.#probeTimer = setTimeout(() => this.#probe(), PROBE_MS);
  }

  #end(): void {
    this.#closeDown('ending');
    this.#stream.end();
    const timer = setTimeout(() => this.#stream.destroy(), this.#options.limits.closeMs);
    void this.closed.then(() => clearTimeout(timer));
  }

  #closeDown(state: 'ending' | 'closed' = 'closed'): void {
    this.#state = state;
    if (this.#frameTimer !== null) clearTimeout(this.#frameTimer);
    if (this.#probeTimer !== null) clearTimeout(this.#probeTimer);
    this.#events?.[Symbol.dispose]();
    this.#events = null;
    void this.#abortCalls(RequestError.canceled());
    for (const action of this.#endActions ?? []) {
      this.#endActions?.delete(action);
      action();
    }
  }

  /** Settles when each of them has been answered. */
  async #abortCalls(reason: RequestError): Promise<void> {
    const calls = [...this.#calls];
    for (const call of calls) call.abort(reason);
    await Promise.all(calls.map((call) => call.settled));
  }
}
