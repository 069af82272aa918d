import type { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

/** How much waits for a reader that doesn't read, in bytes, before more is left out. */
const MAX_WAITING = 1024 * 1024;

/**
 * Text for a reader that may be slow, stuck or gone. While it reads, the kernel has everything when `write` returns, so that
 * a crash loses nothing. While it doesn't, 1 MiB waits, and what comes then is left out and counted: nobody waits for it.
 *
 * That needs a stream that doesn't block. On Linux, `process.stderr` is one for pipes and sockets; for files it never has to
 * wait; but a terminal that is stopped with Ctrl+S does hold the writer.
 */
export class BoundedOutput {
  readonly #stream: Writable;
  #lost = 0;

  constructor(stream: Writable) {
    this.#stream = stream;
    // There is no other place to say that the reader has gone.
    stream.on('error', () => undefined);
  }

  write(text: string): void {
    if (this.#stream.writableLength < MAX_WAITING) this.#stream.write(text);
    else this.#lost += 1;
  }

  /** Calls `listener` each time that the reader has caught up, with the number of texts that were left out for it. */
  whenLost(listener: (count: number) => void): void {
    this.#stream.on('drain', () => {
      const count = this.#lost;
      this.#lost = 0;
      if (count > 0) listener(count);
    });
  }

  /** Waits until everything has been read, `ms` milliseconds at the most. */
  async flush(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    // Called with an error, too, where there is no reader.
    this.#stream.write('', () => resolve());
    await Promise.race([promise, setTimeout(ms, undefined, { ref: false })]);
  }
}
