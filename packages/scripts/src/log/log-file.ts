import { closeSync, constants, fstatSync, ftruncate, openSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { cannot, PreparationFailure } from '../run/failure-reason.ts';

// A FIFO or a device would block inside open() or write(), and the whole process with it; a link could lead anywhere.
const SAFE = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const COPY_BYTES = 64 * 1024;

/** What a script may write while its log is being cut, and keep: copying on for longer would never reach a fast writer. */
const COPY_ON_BYTES = 1024 * 1024;

const truncate = promisify(ftruncate);

/**
 * An open log that a script appends to. It stays good when the script removes or locks the file.
 *
 * Positions count the bytes that the run has written, also those that were cut out since: a cut moves no position.
 */
export class LogFile implements Disposable {
  readonly path: string;
  /** For the script: every write goes to the end. */
  readonly fd: number;
  /** For ourselves: the end is not where a cut has to write. */
  readonly #content: number;
  /** The size when it was opened: what was there before belongs to other runs. */
  readonly #base: number;
  #gap = { from: 0, to: 0 };
  #markerBytes = 0;
  /** Until the file has been shortened, where it will end. */
  #nextEnd: number | null = null;
  #shortening: Promise<void> | null = null;
  #closed = false;

  /**
   * Opens a regular file for append, with mode 0600 if it is new.
   *
   * @throws PreparationFailure
   */
  constructor(path: string) {
    this.path = path;
    this.fd = open(path, SAFE | constants.O_APPEND | constants.O_CREAT);
    try {
      this.#content = open(path, SAFE);
    } catch (error) {
      closeSync(this.fd);
      throw error;
    }
    const [stat, content] = [fstatSync(this.fd), fstatSync(this.#content)];
    this.#base = stat.size;
    if (stat.isFile() && stat.ino === content.ino && stat.dev === content.dev) return;
    this[Symbol.dispose]();
    const reason = stat.isFile() ? 'it was replaced in this moment' : 'it is not a regular file';
    throw cannot('open the log', path, new PreparationFailure(reason));
  }

  /** The bytes on the disk that are this run's. */
  get size(): number {
    return fstatSync(this.#content).size - this.#base;
  }

  /** The position after the last byte. */
  get end(): number {
    return this.#nextEnd ?? this.size + this.#gap.to - this.#gap.from - this.#markerBytes;
  }

  /** What was cut out. Empty at first. */
  get gap(): { readonly from: number; readonly to: number } {
    return this.#gap;
  }

  /**
   * Reads what the run has written, not beyond the gap.
   *
   * @returns The number of bytes read; 0 where there are none.
   */
  read(buffer: Buffer, position: number): number {
    const limit = position < this.#gap.from ? this.#gap.from : (this.#nextEnd ?? Number.POSITIVE_INFINITY);
    const length = Math.min(buffer.length, limit - position);
    return length > 0 ? readSync(this.#content, buffer, 0, length, this.#offset(position)) : 0;
  }

  /**
   * Takes out all from position `from` on, which is the same in every cut, but for the last `keep` bytes. A text of
   * the number of missing bytes stands in their place. The script goes on writing, and what it writes comes after that; only
   * what it writes in the instant of the cut may be lost.
   */
  async cut(from: number, keep: number, marker: (bytes: number) => string): Promise<void> {
    const to = this.end - keep;
    const text = Buffer.from(marker(to - from));
    const target = this.#base + from + text.length;
    const source = this.#offset(to);
    // Nothing would be won.
    if (source <= target) return;
    writeSync(this.#content, text, 0, text.length, this.#base + from);
    const copied = this.#copy(source, target, keep + COPY_ON_BYTES);
    this.#gap = { from, to };
    this.#markerBytes = text.length;
    this.#nextEnd = to + copied;
    // To free half a gigabyte takes the system 35 ms, in which nobody would be answered.
    this.#shortening = truncate(this.#content, target + copied).finally(() => {
      this.#nextEnd = null;
    });
    await this.#shortening;
  }

  /** Resolves when no cut is under way: only then {@link end} counts what the script has written since. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#shortening]);
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.fd);
    closeSync(this.#content);
  }

  #offset(position: number): number {
    const { from, to } = this.#gap;
    return this.#base + (position < from ? position : position - (to - from) + this.#markerBytes);
  }

  #copy(source: number, target: number, limit: number): number {
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    let copied = 0;
    while (copied < limit) {
      const length = readSync(this.#content, buffer, 0, buffer.length, source + copied);
      if (length === 0) break;
      copied += writeSync(this.#content, buffer, 0, length, target + copied);
    }
    return copied;
  }
}

function open(path: string, flags: number): number {
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    throw cannot('open the log', path, error);
  }
}
