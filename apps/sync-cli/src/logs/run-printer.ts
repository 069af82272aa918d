import { setTimeout } from 'node:timers/promises';
import type { Result } from '@muster/socket/protocol';
import type { Io } from '../io.ts';
import { noLogOpened, unreadable } from './log-errors.ts';
import { type LogPart, LogReader } from './log-reader.ts';
import type { LogWriter } from './log-writer.ts';

/** Where a run leaves its output, as the agent tells it. */
export type RunLog = Result<'sync.logs'>;

/** How often a log that goes on is looked at, in milliseconds. Said in docs/command.md. */
export const POLL_MS = 100;

interface PrintOptions {
  readonly io: Io;
  /** Only so many of the last lines of each file; `null`: all. */
  readonly tail: number | null;
  /** @param isAlone Whether the run has no other file. */
  readonly writer: (isAlone: boolean) => LogWriter;
  /** Whether anybody still reads what is printed. */
  readonly isRead: () => boolean;
}

interface OpenFile {
  part: LogPart;
  readonly writer: LogWriter;
  reader: LogReader | null;
}

/** Prints the files of one run: what is there, and what comes. */
export class RunPrinter implements Disposable {
  #log: RunLog;
  readonly #options: PrintOptions;
  readonly #files: readonly OpenFile[];

  /** @throws CliError where the run has ended without a log. */
  constructor(log: RunLog, options: PrintOptions) {
    this.#log = log;
    this.#options = options;
    const files = filesOf(log);
    this.#files = files.map(({ path, range }) => ({
      part: { path, range, tail: options.tail },
      writer: options.writer(files.length === 1),
      reader: null,
    }));
  }

  /** @throws CliError where a file can't be read. @param isLater Whether one that is not there yet may come. */
  open({ isLater }: { readonly isLater: boolean }): void {
    for (const file of this.#files) {
      try {
        file.reader ??= new LogReader(file.part);
      } catch (error) {
        const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'; // LogReader throws nothing else.
        if (!isMissing || !isLater) throw unreadable(this.#log, file.part.path, error);
        // When it comes, all of it is new.
        file.part = { ...file.part, tail: null };
      }
    }
  }

  /** Prints what has come since. */
  async print(): Promise<void> {
    for (const file of this.#files) await this.#printFile(file);
  }

  /** Prints the rest of what is there now, and no more. @param log How the run ended. */
  async finish(log: RunLog): Promise<void> {
    this.#log = log;
    const parts = filesOf(log);
    this.open({ isLater: false });
    for (const [index, { reader }] of this.#files.entries()) reader?.end(parts[index]?.range?.to ?? null);
    for (const file of this.#files) {
      await this.#printFile(file);
      while (file.reader?.isMoved && this.#options.isRead()) {
        await setTimeout(POLL_MS);
        await this.#printFile(file);
      }
      file.writer.end();
    }
  }

  [Symbol.dispose](): void {
    for (const { reader } of this.#files) reader?.[Symbol.dispose]();
  }

  async #printFile({ reader, writer }: OpenFile): Promise<void> {
    const { io, isRead } = this.#options;
    while (isRead()) {
      const bytes = reader?.read() ?? null;
      if (bytes === null) return;
      writer.write(bytes);
      await io.stdout.drained?.();
    }
  }
}

/** The files of a run, that of standard error last. @throws CliError where it has none. */
export function filesOf(log: RunLog): Pick<LogPart, 'path' | 'range'>[] {
  const { logPath, errorLogPath, logRange, errorLogRange } = log;
  if (logPath === null) throw noLogOpened(log);
  const files = [{ path: logPath, range: logRange }];
  return errorLogPath === null ? files : [...files, { path: errorLogPath, range: errorLogRange }];
}
