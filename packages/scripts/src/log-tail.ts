import { setImmediate } from 'node:timers/promises';
import { LineSplitter } from './line-splitter.ts';
import type { LogFile } from './log-file.ts';

const CHUNK_BYTES = 64 * 1024;

/** How much is read before other work gets its turn. */
const CHUNKS_PER_TURN = 16;

/** Reads a log while a script writes it, from where the run begins. */
export class LogTail {
  readonly #file: LogFile;
  readonly #splitter: LineSplitter;
  readonly #buffer = Buffer.alloc(CHUNK_BYTES);
  #position: number;
  #reading: Promise<void> = Promise.resolve();

  constructor(file: LogFile, emit: (line: string) => void) {
    this.#file = file;
    this.#splitter = new LineSplitter(emit);
    this.#position = file.base;
  }

  /** Emits the lines that are complete by now. Calls follow one another. */
  read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  /** Reads to the end and emits the last line even if it has no line feed. */
  async drain(): Promise<void> {
    await this.read();
    this.#splitter.end();
  }

  /** The bytes at the end of the file have moved by `shift`, and those before `first` are gone. */
  moved(shift: number, first: number): void {
    const position = this.#position + shift;
    if (position < first) this.#splitter.reset();
    this.#position = Math.max(position, first);
  }

  async #read(): Promise<void> {
    // Not beyond the present end: a background child that goes on writing must not keep us here for ever.
    const end = this.#file.size();
    for (let chunk = 1; this.#position < end; chunk++) {
      const length = this.#file.read(this.#buffer, this.#position);
      if (length === 0) return;
      this.#position += length;
      this.#splitter.push(this.#buffer.subarray(0, length));
      if (chunk % CHUNKS_PER_TURN === 0) await setImmediate();
    }
  }
}
