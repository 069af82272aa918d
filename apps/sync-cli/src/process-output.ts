import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Output } from './io.ts';

interface ProcessOutputOptions {
  readonly fd: 1 | 2;
  /** Node's own stream there. Opened only where it is needed: that alone takes as long as all else that a short answer does. */
  readonly open: () => NodeJS.WriteStream;
  /** Called when text could not be written, for another reason than that nobody reads any more. */
  readonly onFailed: (error: Error) => void;
}

/**
 * Standard output or standard error of this process. Text is written at once, and waits for a slow reader; a pipe that somebody
 * has set not to block gets the rest through Node's stream.
 */
export class ProcessOutput implements Output {
  readonly isTTY: boolean;
  readonly #options: ProcessOutputOptions;
  readonly #brokenListeners: (() => void)[] = [];
  #stream: NodeJS.WriteStream | null = null;
  #isBroken = false;

  constructor(options: ProcessOutputOptions) {
    this.#options = options;
    this.isTTY = isatty(options.fd);
  }

  /** Whether everything has gone out, or never will: the process may end without losing any of it. */
  get isSettled(): boolean {
    return this.#stream === null || (this.#stream.writableLength === 0 && this.#stream.errored === null);
  }

  write(text: string | Uint8Array): void {
    if (this.#isBroken) return;
    const rest = this.#stream === null ? this.#writeNow(typeof text === 'string' ? Buffer.from(text) : text) : text;
    if (rest.length > 0) this.stream.write(rest);
  }

  async drained(): Promise<void> {
    const stream = this.#stream;
    if (stream !== null && !this.isSettled) await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }

  onBroken(listener: () => void): void {
    this.#brokenListeners.push(listener);
  }

  /** Node's stream, through which everything goes from now on. */
  get stream(): NodeJS.WriteStream {
    if (this.#stream === null) {
      this.#stream = this.#options.open();
      this.#stream.on('error', (error) => this.#break(error));
    }
    return this.#stream;
  }

  /** @returns what the system did not take. */
  #writeNow(bytes: Uint8Array): Uint8Array {
    let rest = bytes;
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#options.fd, rest));
      return rest;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException; // node:fs throws nothing else.
      if (code === 'EAGAIN') return rest;
      this.#break(error as Error);
      return Buffer.alloc(0);
    }
  }

  /** A reader that has seen enough, as in `muster list | head -1`, is no trouble; a full disk is. */
  #break(error: NodeJS.ErrnoException): void {
    this.#isBroken = true;
    if (error.code !== 'EPIPE') this.#options.onFailed(error);
    for (const listener of this.#brokenListeners) listener();
  }
}
