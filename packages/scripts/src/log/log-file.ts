import { closeSync, constants, fstatSync, ftruncate, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { cannot, PreparationFailure } from '../run/failure-reason.ts';

// A FIFO or a device would block inside open() or write(), and the whole process with it; a link could lead anywhere.
const SAFE = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const COPY_BYTES = 64 * 1024;

/** What a script may write while its log is being cut, and keep: copying on for longer would never reach a fast writer. */
const COPY_ON_BYTES = 1024 * 1024;

/** What a cut has to free at least; both of its texts have room in that. */
const MIN_FREED_BYTES = 128;

/** To free half a gigabyte takes the system 35 ms, in which nobody would be answered; this much takes 2. */
const FREED_AT_ONCE_BYTES = 32 * 1024 * 1024;

/** How long it is watched, in milliseconds, until a thread begins to shorten it. Usually that is a tenth of one. */
const MAX_LOOK_MS = 5;

const truncate = promisify(ftruncate);

/** Positions that are missing in the file, where `room` bytes of text stand for them. An empty one only parts two lines. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly room: number;
}

/**
 * An open log that a script appends to. It stays good when the script removes or locks the file.
 *
 * Positions count the bytes that the run has written, also those that are known to be missing: a cut moves no position.
 */
export class LogFile implements Disposable {
  readonly path: string;
  /** For the script: every write goes to the end. */
  readonly fd: number;
  /** For ourselves: the end is not where a cut has to write. */
  readonly #content: number;
  /** The size when it was opened: what was there before belongs to other runs. */
  readonly #base: number;
  /** First what was cut out of the middle, then what was lost by that. */
  #gaps: readonly Gap[] = [];
  /** Until the file has been shortened, where it will end. */
  #nextEnd: number | null = null;
  #shortening: Promise<void> | null = null;
  #isHandedOver = false;
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
    return this.#nextEnd ?? this.size + missing(this.#gaps);
  }

  /** Whether it was ever cut. */
  get isCut(): boolean {
    return this.#gaps.length > 0;
  }

  /** The position behind the gap that this one is in; itself where it is in none. */
  skip(position: number): number {
    return this.#gaps.find(({ from, to }) => from <= position && position < to)?.to ?? position;
  }

  /** Where the next gap begins: what comes after it continues no line from before it. */
  nextGap(position: number): number | null {
    return this.#gaps.find(({ from }) => from > position)?.from ?? null;
  }

  /**
   * Reads what the run has written, not beyond the next gap.
   *
   * @returns The number of bytes read; 0 where there are none.
   */
  read(buffer: Buffer, position: number): number {
    const limit = this.nextGap(position) ?? this.#nextEnd ?? Number.POSITIVE_INFINITY;
    const length = Math.min(buffer.length, limit - position);
    return length > 0 ? readSync(this.#content, buffer, 0, length, this.#offset(position)) : 0;
  }

  /**
   * Takes out all from position `from` on, which is the same in every cut, but for the last `keep` bytes. A text of
   * the number of missing bytes stands in their place. The script goes on writing, and what it writes comes after that.
   *
   * No system call shortens a file by what was read of it: what a script writes between the last look and the shortening is lost.
   * Where it has written during the cut, there is a second text and a second gap, with what is known to be lost (or 0).
   *
   * @returns Whether something may be lost.
   */
  async cut(from: number, keep: number, marker: (bytes: number) => string): Promise<boolean> {
    const before = this.size;
    const to = this.skip(this.end - keep);
    const text = Buffer.from(marker(to - from));
    const target = this.#base + from + text.length;
    const source = this.#offset(to);
    // Nothing would be won.
    if (source - target < MIN_FREED_BYTES) return false;
    writeSync(this.#content, text, 0, text.length, this.#base + from);
    const copied = this.#copy(source, target, keep + COPY_ON_BYTES);
    const [read, end] = [source + copied, target + copied];
    const position = read - this.#base + missing(this.#gaps);
    const kept = this.#gaps.filter((gap) => gap.to > to);
    const note = Buffer.from(this.size > before ? marker(this.#base + this.size - read) : '');
    writeSync(this.#content, note, 0, note.length, end);
    const lost = this.#shorten(end + note.length) - read;
    const isWritten = note.length > 0 || lost > 0;
    const second = { from: position, to: position + lost, room: note.length };
    this.#gaps = [{ from, to, room: text.length }, ...kept, ...(isWritten ? [second] : [])];
    this.#nextEnd = this.#shortening === null ? null : position + lost;
    await this.#shortening;
    return isWritten;
  }

  /** Resolves when no cut is under way: only then {@link end} counts what the script has written since. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#shortening]);
  }

  /** The script has its own descriptor by now: {@link fd} is closed. */
  handOver(): void {
    if (this.#isHandedOver) return;
    this.#isHandedOver = true;
    closeSync(this.fd);
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.handOver();
    closeSync(this.#content);
  }

  #offset(position: number): number {
    return this.#base + position - missing(this.#gaps.filter(({ to }) => to <= position));
  }

  /** @returns How long the file was when it was last seen before. */
  #shorten(length: number): number {
    let seen = this.#base + this.size;
    if (seen - length <= FREED_AT_ONCE_BYTES) {
      this.#shortening = null;
      ftruncateSync(this.#content, length);
      return seen;
    }
    this.#shortening = truncate(this.#content, length).finally(() => {
      this.#nextEnd = null;
    });
    // The file is shorter as soon as a thread has begun, long before all is freed.
    const deadline = performance.now() + MAX_LOOK_MS;
    for (let size = seen; size >= seen && performance.now() < deadline; size = this.#base + this.size) seen = size;
    return seen;
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

/** By how much the positions behind these gaps are ahead of the file. */
function missing(gaps: readonly Gap[]): number {
  return gaps.reduce((sum, { from, to, room }) => sum + to - from - room, 0);
}

function open(path: string, flags: number): number {
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    throw cannot('open the log', path, error);
  }
}
