import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { cannot, PreparationFailure } from './failure-reason.ts';

// A FIFO or a device would block inside open() or write(), and the whole process with it; a link could lead anywhere.
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** An open log that a script appends to. It stays good when the script removes or locks the file. */
export class LogFile implements Disposable {
  readonly path: string;
  readonly fd: number;
  /** The size when it was opened: what was there before belongs to other runs. */
  readonly base: number;
  #closed = false;

  /**
   * Opens a regular file for append, with mode 0600 if it is new.
   *
   * @throws PreparationFailure
   */
  constructor(path: string) {
    this.path = path;
    try {
      this.fd = openSync(path, FLAGS, 0o600);
    } catch (error) {
      throw cannot('open the log', path, error);
    }
    const stat = fstatSync(this.fd);
    this.base = stat.size;
    if (!stat.isFile()) {
      closeSync(this.fd);
      throw cannot('open the log', path, new PreparationFailure('it is not a regular file'));
    }
  }

  size(): number {
    return fstatSync(this.fd).size;
  }

  /** @returns The number of bytes read; 0 at the end of the file. */
  read(buffer: Buffer, position: number): number {
    return readSync(this.fd, buffer, 0, buffer.length, position);
  }

  /**
   * Takes a piece out of the middle: all from `from` on but the last `keep` bytes, with `marker` in its place. Thanks to
   * O_APPEND a script that is just writing goes on after that.
   *
   * @returns By how much the bytes at the end have moved.
   */
  cut(from: number, keep: number, marker: (bytes: number) => string): number {
    const size = this.size();
    const end = Buffer.alloc(Math.min(keep, size - from));
    const length = this.read(end, size - end.length);
    const text = Buffer.concat([Buffer.from(marker(size - length - from)), end.subarray(0, length)]);
    ftruncateSync(this.fd, from);
    // A full disk takes only a part of it; the rest is lost, as is what the script writes then.
    writeSync(this.fd, text);
    return from + text.length - size;
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.fd);
  }
}
