import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { lastLinesFrom } from './last-lines.ts';
import { lastPlaceOf, placeOfCut } from './places.ts';

/** How much is read at once. */
const READ_BYTES = 64 * 1024;

/** By how many bytes before the place a reader knows its place again. Other places of a log with as many equal bytes look alike. */
const KNOWN_BYTES = 4096;

/** Which part of which file is read. */
export interface LogPart {
  readonly path: string;
  /** The bytes that belong to the run, where the file has others as well. */
  readonly range: { readonly from: number; readonly to: number | null } | null;
  /** Only so many of the last lines that are there when it is opened; `null`: all. */
  readonly tail: number | null;
}

/**
 * Reads a log that may grow, be cut or be emptied meanwhile. The file that was opened stays the one that is read: a run writes to it
 * to its end, whatever comes to stand at its path.
 *
 * The agent cuts a log in place: the beginning stays, then come a line of how much is missing and the latest output. So a position
 * says nothing after that. Each read therefore begins with bytes that were read before; where they have changed, the reader looks for
 * them, and goes on behind them. If they are gone it goes on with what stands in their place.
 */
export class LogReader implements Disposable {
  readonly #fd: number;
  readonly #start: number;
  readonly #buffer = Buffer.allocUnsafe(KNOWN_BYTES + READ_BYTES);
  #offset: number;
  /** What comes before the offset. */
  #known: Buffer = Buffer.alloc(0);
  /** Where to stop; `null`: nowhere yet. */
  #limit: number | null = null;
  #isMoved = false;
  #isClosed = false;

  /** @throws ErrnoException of `open`; with the code `EFTYPE` where it is no regular file; `ENOENT` also where the part is gone. */
  constructor({ path, range, tail }: LogPart) {
    // A FIFO would block, and a link could lead anywhere: the agent opens no log through one.
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(this.#fd);
    if (!stat.isFile()) this.#refuse('EFTYPE', 'it is not a regular file');
    const { from = 0, to = null } = range ?? {};
    // Somebody has begun it anew since: all of it is of the latest run, and nothing of an earlier one is left.
    const isAnew = from > stat.size;
    if (isAnew && to !== null) this.#refuse('ENOENT', 'its part of the file is not there any more');
    this.#start = isAnew ? 0 : from;
    this.#limit = to;
    const part = { from: this.#start, to: Math.min(to ?? stat.size, stat.size) };
    this.#offset = tail === null ? part.from : lastLinesFrom(this.#fd, part, tail);
    this.#learn();
  }

  /** Nothing that is written from now on is read. @param to Where the run's part ends, if that is known. */
  end(to: number | null): void {
    const { size } = fstatSync(this.#fd);
    this.#limit = Math.min(to ?? size, size);
  }

  /** Whether it was cut or emptied since the last read: what stands there may be whole only a moment later. */
  get isMoved(): boolean {
    return this.#isMoved;
  }

  /** What comes next; `null` where there is nothing at present. */
  read(): Buffer | null {
    if (this.#isMoved) this.#findPlace();
    const known = this.#known.length;
    const wanted = Math.min(READ_BYTES, Math.max(0, (this.#limit ?? Number.POSITIVE_INFINITY) - this.#offset));
    // In one call: between two the place could move.
    const length = readSync(this.#fd, this.#buffer, 0, known + wanted, this.#offset - known);
    const bytes = this.#buffer.subarray(0, length);
    this.#isMoved = !bytes.subarray(0, known).equals(this.#known);
    if (this.#isMoved || length === known) return null;
    const fresh = Buffer.from(bytes.subarray(known));
    this.#offset += fresh.length;
    this.#known = Buffer.from(bytes.subarray(-KNOWN_BYTES));
    return fresh;
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#fd);
  }

  #refuse(code: string, reason: string): never {
    closeSync(this.#fd);
    throw Object.assign(new Error(reason), { code });
  }

  #findPlace(): void {
    const { size } = fstatSync(this.#fd);
    const place = { from: this.#start, to: size };
    // With fewer bytes before it no place is known for sure, and the agent cuts nothing so near to the beginning.
    const isKnown = this.#known.length === KNOWN_BYTES;
    const found = isKnown ? lastPlaceOf(this.#known, this.#fd, place) : null;
    this.#offset = found ?? placeOfCut(this.#fd, place, this.#offset) ?? (size < this.#start ? 0 : this.#start);
    if (this.#limit !== null) this.#limit = size;
    this.#learn();
  }

  #learn(): void {
    const wanted = Math.min(KNOWN_BYTES, this.#offset);
    const length = readSync(this.#fd, this.#buffer, 0, wanted, this.#offset - wanted);
    this.#known = Buffer.from(this.#buffer.subarray(0, length));
  }
}
