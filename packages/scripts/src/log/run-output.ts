import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, pause } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { errorCode } from '../run/failure-reason.ts';
import type { LogFeed } from './log-feed.ts';
import { LogFile } from './log-file.ts';
import type { LogBatch } from './log-sink.ts';
import { LogTail } from './log-tail.ts';

/** How often the files of a live run are looked at. A writer of 1 GB/s overshoots its cap by a quarter of that. */
const POLL_MS = 250;

/** How much of the end is kept at the most when a log is cut: it has to be read and written in one go. */
const MAX_END_BYTES = 1024 * 1024;

/** What a {@link RunOutput} needs to know of its run. */
export interface OutputOptions {
  readonly path: string;
  /** Of stderr, where it has a file of its own. */
  readonly errorPath: string | null;
  /** Whether the files are this run's alone. Others are open to the next run as soon as this one has ended. */
  readonly perRun: boolean;
  readonly bytesPerRun: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `null`: nobody reads the lines, so the files are not read either. */
  readonly feed: LogFeed | null;
  readonly about: Pick<LogBatch, 'script' | 'unit' | 'run' | 'runId'>;
}

interface Stream {
  readonly file: LogFile;
  readonly tail: LogTail;
}

/**
 * The output of one run: one file, or two. While the run is live, it keeps the files within the cap and has their lines
 * passed on.
 */
export class RunOutput implements AsyncDisposable {
  readonly #options: OutputOptions;
  readonly #streams: Stream[] = [];
  #timer: Disposable | null = null;
  #troubled = false;
  #isLossTold = false;
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
    for (const { tail } of this.#streams) options.feed?.follow(tail);
    this.#watch();
  }

  get out(): number {
    return this.#streams[0]?.file.fd ?? -1;
  }

  get err(): number {
    return this.#streams.at(-1)?.file.fd ?? -1;
  }

  /** The script has the files: {@link out} and {@link err} are closed. They would cost their room for as long as it runs. */
  handOver(): void {
    for (const { file } of this.#streams) file.handOver();
  }

  /** The run has ended. Where lines are still to be passed on, the files stay open for that; nobody waits for the sink. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    this.handOver();
    for (const { file } of this.#streams) await file.settled();
    const { feed, perRun } = this.#options;
    const capped = this.#looking.then(() => this.#attempt(() => this.#cap()));
    for (const { tail } of this.#streams) feed?.end(tail, capped);
    // A cut moves what comes after it, so it has to be over before the next run writes.
    if (feed === null || !perRun) await capped;
    if (feed === null) for (const { file } of this.#streams) file[Symbol.dispose]();
  }

  #open(path: string, level: LogBatch['level']): void {
    const file = new LogFile(path);
    this.#streams.push({ file, tail: new LogTail(file, { ...this.#options.about, level }) });
  }

  #watch(): void {
    if (this.#closed) return;
    this.#timer = this.#options.clock.schedule(() => {
      this.#looking = this.#look().then(() => this.#watch());
    }, POLL_MS);
  }

  async #look(): Promise<void> {
    await this.#attempt(() => this.#cap());
    await this.#attempt(() => this.#checkDisk());
  }

  async #cap(): Promise<void> {
    const { bytesPerRun, perRun, feed, clock, logger, about } = this.#options;
    for (const { file } of this.#streams) {
      if (file.size <= bytesPerRun) continue;
      // A sink that keeps up loses nothing; one that doesn't must not fill the disk.
      if (feed !== null && perRun) await pause(clock, POLL_MS, feed.catchUp());
      const facts = { ...about, path: file.path };
      if (!file.isCut) logger.warn(facts, 'the output of a run is too long; its log is cut');
      // The beginning stays, for there the causes are, and the end, for there the consequences are. `muster logs` looks where the
      // beginning ends by default: BEGINNING_BYTES in apps/sync-cli/src/logs/log-reader.ts.
      const [beginning, end] = [Math.floor(bytesPerRun / 2), Math.min(Math.floor(bytesPerRun / 4), MAX_END_BYTES)];
      const isWritten = await file.cut(beginning, end, marker);
      if (isWritten && !this.#isLossTold)
        logger.warn(
          facts,
          'a script writes while its log is cut; what it writes in that instant may be lost (said once)',
        );
      this.#isLossTold ||= isWritten;
    }
  }

  async #checkDisk(): Promise<void> {
    if (this.#troubled) return;
    const { bavail } = await statfs(dirname(this.#options.path));
    if (bavail === 0) this.#trouble('ENOSPC');
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
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

// `muster logs` counts by it: MARKER in apps/sync-cli/src/logs/places.ts.
function marker(bytes: number): string {
  const what = bytes > 0 ? `about ${bytes} bytes were cut out here` : 'some bytes may be missing here';
  return `\n[muster: ${what}]\n`;
}
