import type { LogFile } from './log-file.ts';
import type { LogBatch } from './log-sink.ts';

const LF = 0x0a;

/** The longest line that is passed on, in bytes; the rest of a longer one is left out. */
export const MAX_LINE_BYTES = 64 * 1024;

/** What a {@link LogTail} reads into. The longest line fits into it with its line feed, and nothing longer does. */
export const READ_BYTES = MAX_LINE_BYTES + 1;

/** What was read in one step: lines, or how much is missing, or neither (the middle of a line that is too long). */
export type Piece = Pick<LogBatch, 'text' | 'skipped'>;

const NOTHING: Piece = { text: '', skipped: 0 };

/**
 * Reads a log while a script writes it. Holds no bytes: a line that is not complete is read again from its beginning. So
 * however many there are, and however far behind, they cost no memory.
 */
export class LogTail {
  readonly file: LogFile;
  readonly about: Omit<LogBatch, 'at' | keyof Piece>;
  #position = 0;
  #end: number | null = null;
  #skipped = 0;
  #isInLongLine = false;

  constructor(file: LogFile, about: LogTail['about']) {
    this.file = file;
    this.about = about;
  }

  /** Nothing that is written from now on is read, and the last line counts as complete. */
  end(): void {
    this.#end ??= this.file.end;
  }

  /** Bytes that were cut out before they could be read. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Bytes that are there and still to be read. */
  get unread(): number {
    return Math.max((this.#end ?? this.file.end) - this.#position, 0);
  }

  /** @returns `null` when nothing more can be had at present; where the tail has ended, for ever. */
  read(buffer: Buffer): Piece | null {
    const behind = this.file.skip(this.#position);
    if (behind > this.#position) return this.#skip(behind);
    const limit = this.#end === null ? READ_BYTES : this.unread;
    const bytes = buffer.subarray(0, Math.min(this.file.read(buffer, this.#position), limit));
    if (bytes.length === 0) return null;
    if (this.#isInLongLine) return this.#leaveOut(bytes);
    const lines = bytes.subarray(0, bytes.lastIndexOf(LF) + 1);
    if (lines.length > 0) return this.#take(lines, '');
    if (bytes.length === READ_BYTES) return this.#cutShort(bytes);
    const next = this.#position + bytes.length;
    return next === this.file.nextGap(this.#position) || next === this.#end ? this.#take(bytes, '\n') : null;
  }

  #take(bytes: Buffer, ending: string): Piece {
    this.#position += bytes.length;
    // Decoding whole lines keeps characters together; bytes that are no UTF-8 become U+FFFD.
    return { text: `${bytes.toString('utf8')}${ending}`.replaceAll('\r\n', '\n'), skipped: 0 };
  }

  #cutShort(bytes: Buffer): Piece {
    this.#leave(bytes.length, true);
    return { text: `${bytes.toString('utf8', 0, MAX_LINE_BYTES)}…\n`, skipped: 0 };
  }

  #leaveOut(bytes: Buffer): Piece {
    const end = bytes.indexOf(LF);
    this.#leave(end === -1 ? bytes.length : end + 1, end === -1);
    return NOTHING;
  }

  #leave(length: number, isInLongLine: boolean): void {
    const gap = this.file.nextGap(this.#position);
    this.#position += length;
    this.#isInLongLine = isInLongLine && this.#position !== gap;
  }

  #skip(to: number): Piece {
    const next = Math.min(to, this.#end ?? to);
    const skipped = next - this.#position;
    this.#position = next;
    this.#skipped += skipped;
    this.#isInLongLine = false;
    return { text: '', skipped };
  }
}
