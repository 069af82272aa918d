import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { lastLinesFrom } from './last-lines.ts';
import {
  advanced,
  MARKER_BYTES,
  markersIn,
  markersOf,
  nearestPlaceOf,
  type Progress,
  placeAfterCut,
  progressAt,
} from './places.ts';

/** How much is read at once. */
const READ_BYTES = 64 * 1024;

/**
 * How much of the beginning of a run stays when the agent cuts its log: `#cap` in packages/scripts/src/log/run-output.ts. If it were
 * another place, only a log of equal lines could be cut unnoticed.
 */
const BEGINNING_BYTES = 8 * 1024 * 1024;

/** By how many bytes before the place a reader knows its place again. Other places of a log with as many equal bytes look alike. */
const KNOWN_BYTES = 4096;

/** How far from where they should stand bytes are looked for: further than a count that is only about right can be off. */
const NEAR_BYTES = 1024 * 1024;

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
 * The agent cuts a log in place: the beginning stays, then come a line of how much is missing and the latest output. So each read begins
 * with bytes that were read before, and looks at the place of that line. Where either has changed, the line tells where the bytes are
 * now. If they are not there, the reader looks for them nearby; equal bytes elsewhere say nothing, for a script may write one line again
 * and again. What it can't find it does not skip: it goes on at the line about what is missing.
 */
export class LogReader implements Disposable {
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafe(KNOWN_BYTES + READ_BYTES);
  #offset: number;
  #progress: Progress;
  /** What comes before the offset. */
  #known: Buffer = Buffer.alloc(0);
  /** What stands where the agent cuts. */
  #mark: Buffer = Buffer.alloc(0);
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
    this.#limit = to;
    const part = { from: isAnew ? 0 : from, to: Math.min(to ?? stat.size, stat.size) };
    this.#offset = tail === null ? part.from : lastLinesFrom(this.#fd, part, tail);
    this.#mark = this.#readMark(part.from);
    this.#progress = progressAt(this.#offset, part.from, markersIn(this.#fd, { from: part.from, to: this.#offset }));
    this.#known = this.#readKnown();
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
    // The agent writes the line there before it moves anything, so what was read before that is in its old place.
    const mark = this.#readMark(this.#progress.start);
    this.#isMoved = !beginsWith(bytes, this.#known) || !beginsWith(mark, this.#mark);
    if (this.#isMoved || length === known) return null;
    this.#mark = mark;
    const fresh = Buffer.from(bytes.subarray(known));
    const markers = markersOf(bytes).filter((marker) => marker.at + marker.length > known);
    this.#progress = advanced(this.#progress, { from: known, to: length }, markers);
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
    const start = size < this.#progress.start ? 0 : this.#progress.start;
    this.#mark = this.#readMark(start);
    const markers = markersIn(this.#fd, { from: start, to: size });
    const { offset, marker } = placeAfterCut(markers, this.#progress);
    // Without a marker it was not cut but emptied.
    const isThere = markers.length > 0 && offset !== marker?.at && offset <= size;
    const found = isThere ? this.#findKnown(offset) : null;
    if (this.#limit !== null) this.#limit = size;
    this.#offset = found ?? marker?.at ?? start;
    if (found !== null) return;
    this.#progress = progressAt(
      this.#offset,
      start,
      markers.filter(({ at }) => at < this.#offset),
    );
    this.#known = this.#readKnown();
  }

  #findKnown(near: number): number | null {
    // Few bytes stand elsewhere as well.
    const reach = this.#known.length === KNOWN_BYTES ? NEAR_BYTES : 0;
    return nearestPlaceOf(this.#known, this.#fd, { near, reach });
  }

  #readKnown(): Buffer {
    const wanted = Math.min(KNOWN_BYTES, this.#offset);
    const known = Buffer.alloc(wanted);
    return known.subarray(0, readSync(this.#fd, known, 0, wanted, this.#offset - wanted));
  }

  #readMark(start: number): Buffer {
    const mark = Buffer.alloc(MARKER_BYTES);
    return mark.subarray(0, readSync(this.#fd, mark, 0, mark.length, start + BEGINNING_BYTES));
  }
}

function beginsWith(bytes: Buffer, beginning: Buffer): boolean {
  return bytes.subarray(0, beginning.length).equals(beginning);
}
