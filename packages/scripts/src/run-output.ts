import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from './clock.ts';
import { errorCode } from './failure-reason.ts';
import { LogFile } from './log-file.ts';
import type { LogQueue } from './log-queue.ts';
import type { LogLine } from './log-sink.ts';
import { LogTail } from './log-tail.ts';
import type { Logger } from './logger.ts';

/** How often the files of a live run are looked at. A writer of 1 GB/s overshoots its cap by a quarter of that. */
const POLL_MS = 250;

/** How much of the end is kept at the most when a log is cut: it has to be read and written in one go. */
const MAX_END_BYTES = 1024 * 1024;

/** What a {@link RunOutput} needs to know of its run. */
export interface OutputOptions {
  readonly path: string;
  /** Of stderr, where it has a file of its own. */
  readonly errorPath: string | null;
  readonly bytesPerRun: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `null`: nobody reads the lines, so the files are not read either. */
  readonly queue: LogQueue | null;
  readonly about: Pick<LogLine, 'script' | 'unit' | 'run' | 'runId'>;
}

interface Stream {
  readonly file: LogFile;
  readonly tail: LogTail | null;
  cutBytes: number;
}

/**
 * The output of one run: one file, or two. While the run is live, it keeps the files within the cap and passes their
 * lines on.
 */
export class RunOutput implements AsyncDisposable {
  readonly #options: OutputOptions;
  readonly #streams: Stream[] = [];
  #timer: Disposable | null = null;
  #dropped = 0;
  #troubled = false;
  #closed = false;
  #looking: Promise<void> = Promise.resolve();

  /** @throws PreparationFailure when a file can't be opened. */
  constructor(options: OutputOptions) {
    this.#options = options;
    try {
      this.#open(options.path, 'info');
      if (options.errorPath !== null) this.#open(options.errorPath, 'error');
    } catch (error) {
      for (const { file } of this.#streams) file[Symbol.dispose]();
      throw error;
    }
    this.#watch();
  }

  get out(): number {
    return this.#streams[0]?.file.fd ?? -1;
  }

  get err(): number {
    return this.#streams.at(-1)?.file.fd ?? -1;
  }

  /** Passes the rest of the lines on, tells what was lost, and closes the files. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    await this.#looking;
    this.#guard(() => this.#cap());
    for (const { tail } of this.#streams) await this.#attempt(() => tail?.drain());
    for (const { file } of this.#streams) file[Symbol.dispose]();
    if (this.#dropped > 0) {
      this.#options.logger.warn(
        { ...this.#options.about, lines: this.#dropped },
        'lines were not passed on, because the log sink is too slow; the log file has them',
      );
    }
  }

  #open(path: string, level: LogLine['level']): void {
    const file = new LogFile(path);
    const tail = this.#options.queue === null ? null : new LogTail(file, (text) => this.#pass(level, text));
    this.#streams.push({ file, tail, cutBytes: 0 });
  }

  #pass(level: LogLine['level'], text: string): void {
    const { queue, about, clock } = this.#options;
    if (queue?.push({ ...about, level, at: clock.now(), text }) === false) this.#dropped += 1;
  }

  #watch(): void {
    if (this.#closed) return;
    this.#timer = this.#options.clock.schedule(() => {
      this.#looking = this.#look().then(() => this.#watch());
    }, POLL_MS);
  }

  async #look(): Promise<void> {
    for (const { tail } of this.#streams) await this.#attempt(() => tail?.read());
    this.#guard(() => this.#cap());
    await this.#attempt(() => this.#checkDisk());
  }

  #cap(): void {
    const { bytesPerRun, logger, about } = this.#options;
    for (const stream of this.#streams) {
      const { file, tail } = stream;
      const excess = file.size() - file.base - bytesPerRun;
      if (excess <= 0) continue;
      if (stream.cutBytes === 0)
        logger.warn({ ...about, path: file.path }, 'the output of a run is too long; its log is cut');
      // The beginning stays, for there the causes are, and the end, for there the consequences are.
      const kept = file.base + Math.floor(bytesPerRun / 2);
      const shift = file.cut(kept, Math.min(Math.floor(bytesPerRun / 4), MAX_END_BYTES), (bytes) => {
        stream.cutBytes += bytes;
        return `\n[muster: about ${stream.cutBytes} bytes were cut out here]\n`;
      });
      tail?.moved(shift, kept);
    }
  }

  async #checkDisk(): Promise<void> {
    if (this.#troubled) return;
    const { bavail } = await statfs(dirname(this.#options.path));
    if (bavail === 0) this.#trouble('ENOSPC');
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#trouble(errorCode(error));
    }
  }

  async #attempt(action: () => Promise<void> | undefined): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#trouble(errorCode(error));
    }
  }

  #trouble(code: string): void {
    if (this.#troubled) return;
    this.#troubled = true;
    const { logger, about, path } = this.#options;
    const what =
      code === 'ENOSPC'
        ? 'the disk is full: output of a script may be lost'
        : 'the log of a run can not be looked after';
    logger.warn({ ...about, path, code }, what);
  }
}
