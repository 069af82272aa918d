import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { errorCode } from '../run/failure-reason.ts';
import type { LogSink } from './log-sink.ts';
import { type LogTail, type Piece, READ_BYTES } from './log-tail.ts';

/** After how many milliseconds it is looked for more, where there were lines; and how much later each time there were none. */
const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;
const PAUSE_GROWTH = 1.25;

/** How many batches of one log are passed on before other work gets its turn, and then the other logs. */
const BATCHES_PER_TURN = 8;

/** How many logs of ended runs stay open at the most for a sink that lags behind. Each costs a descriptor and, once deleted, its space on disk. */
export const MAX_ENDED_TAILS = 256;

/** What a {@link LogFeed} works with. */
export interface FeedOptions {
  readonly sink: LogSink;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How many logs of ended runs may stay open, if that is less than {@link MAX_ENDED_TAILS}. */
  readonly maxEnded: number;
}

/**
 * Carries lines from the logs to the sink. The sink sets the pace: nothing is read before it has taken what was read last.
 * So whatever a script writes and however slow the sink is, one batch is in memory.
 */
export class LogFeed implements AsyncDisposable {
  readonly #options: FeedOptions;
  readonly #buffer = Buffer.alloc(READ_BYTES);
  readonly #live = new Set<LogTail>();
  /** Those of ended runs, the oldest first; each with what has to be over before its file may be closed. */
  readonly #ended = new Map<LogTail, Promise<void>>();
  readonly #closing = new Set<Promise<void>>();
  #timer: Disposable | null = null;
  #pauseMs = SHORTEST_PAUSE_MS;
  #pumping: Promise<void> | null = null;
  #isClosed = false;
  #isFailureTold = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Passes on what the run of this tail writes, from now on. */
  follow(tail: LogTail): void {
    this.#live.add(tail);
    if (this.#pumping === null) this.#wait(SHORTEST_PAUSE_MS);
  }

  /** Nothing more comes. What is there is still passed on; then, and after `until`, the file is closed. */
  end(tail: LogTail, until: Promise<void>): void {
    tail.end();
    this.#live.delete(tail);
    this.#ended.set(tail, until);
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined && this.#ended.size > Math.min(this.#options.maxEnded, MAX_ENDED_TAILS))
      this.#finish(oldest);
    void this.catchUp();
  }

  /** Resolves when the sink has got all that is there. Never rejects, but may never resolve: it is up to the sink. */
  catchUp(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#pumping ??= this.#pump().then(() => this.#rest());
    return this.#pumping;
  }

  /** Resolves when the sink has got all that the ended runs have written, and is flushed. Never rejects. */
  async flush(): Promise<void> {
    while (this.#ended.size > 0) await this.catchUp();
    await Promise.all(this.#closing);
    await this.#try(() => this.#options.sink.flush());
  }

  /** Gives up what the sink has not taken by now, tells how much that is, and closes the files. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#timer?.[Symbol.dispose]();
    for (const tail of this.#ended.keys()) this.#finish(tail);
    await Promise.all(this.#closing);
  }

  async #pump(): Promise<void> {
    this.#pauseMs = Math.min(this.#pauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS);
    for (let isMore = true; isMore; ) {
      isMore = false;
      for (const tail of [...this.#ended.keys(), ...this.#live]) {
        let batches = 0;
        while (batches < BATCHES_PER_TURN && (await this.#pass(tail))) batches += 1;
        if (batches === 0) continue;
        isMore = true;
        this.#pauseMs = SHORTEST_PAUSE_MS;
        await setImmediate();
      }
    }
  }

  #rest(): void {
    this.#pumping = null;
    if (this.#isClosed) return;
    if (this.#ended.size > 0) void this.catchUp();
    else if (this.#live.size > 0) this.#wait(this.#pauseMs);
  }

  #wait(ms: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#options.clock.schedule(() => void this.catchUp(), ms);
  }

  /** @returns Whether there may be more. */
  async #pass(tail: LogTail): Promise<boolean> {
    if (!this.#live.has(tail) && !this.#ended.has(tail)) return false;
    const piece = this.#read(tail);
    if (piece === null) return false;
    const { sink, clock } = this.#options;
    const batch = { ...tail.about, at: clock.now(), ...piece };
    if (piece.text !== '' || piece.skipped > 0) await this.#try(() => sink.send(batch));
    return true;
  }

  #read(tail: LogTail): Piece | null {
    try {
      const piece = tail.read(this.#buffer);
      if (piece === null) this.#finish(tail);
      return piece;
    } catch (error) {
      this.#finish(tail, `the log can not be read (${errorCode(error)})`);
      return null;
    }
  }

  /** Without effect on a tail whose run is live. */
  #finish(tail: LogTail, trouble?: string): void {
    const until = this.#ended.get(tail);
    if (until === undefined) return;
    this.#ended.delete(tail);
    const { file, about, skipped, unread } = tail;
    const bytes = skipped + unread;
    if (bytes > 0) {
      const why = trouble ?? (unread > 0 ? 'the log sink is too slow' : 'it was cut out of the log before it was read');
      const facts = { ...about, path: file.path, bytes };
      this.#options.logger.warn(facts, `a part of the output was not passed on, because ${why}`);
    }
    const closing = until.then(() => {
      file[Symbol.dispose]();
      this.#closing.delete(closing);
    });
    this.#closing.add(closing);
  }

  async #try(action: () => void | Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!this.#isFailureTold)
        this.#options.logger.warn({ code: errorCode(error) }, 'the log sink fails; lines are lost (said once)');
      this.#isFailureTold = true;
    }
  }
}
