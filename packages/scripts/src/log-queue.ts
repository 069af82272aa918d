import { errorCode } from './failure-reason.ts';
import type { LogLine, LogSink } from './log-sink.ts';
import type { Logger } from './logger.ts';

/** With lines of 64 KiB, this and {@link MAX_CHARACTERS} bound what a stalled sink can cost. */
const MAX_LINES = 10_000;
const MAX_CHARACTERS = 8 * 1024 * 1024;

/** Lines between the scripts and the sink: bounded, one batch on its way at a time. */
export class LogQueue {
  readonly #sink: LogSink;
  readonly #logger: Logger;
  #lines: LogLine[] = [];
  #characters = 0;
  #sending: Promise<void> | null = null;
  #reported = false;

  constructor(sink: LogSink, logger: Logger) {
    this.#sink = sink;
    this.#logger = logger;
  }

  /** @returns Whether there was room for the line. */
  push(line: LogLine): boolean {
    if (this.#lines.length >= MAX_LINES || this.#characters + line.text.length > MAX_CHARACTERS) return false;
    this.#lines.push(line);
    this.#characters += line.text.length;
    // Lines that are read in one go leave in one batch.
    this.#sending ??= Promise.resolve().then(() => this.#send());
    return true;
  }

  /** Resolves when all lines so far have been sent. Never rejects. */
  async flush(): Promise<void> {
    await this.#sending;
    await this.#try(() => this.#sink.flush());
  }

  async #send(): Promise<void> {
    while (this.#lines.length > 0) {
      const batch = this.#lines;
      this.#lines = [];
      this.#characters = 0;
      await this.#try(() => this.#sink.send(batch));
    }
    this.#sending = null;
  }

  async #try(action: () => void | Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!this.#reported)
        this.#logger.warn({ code: errorCode(error) }, 'the log sink fails; lines are lost (said once)');
      this.#reported = true;
    }
  }
}
