const LF = 0x0a;
const CR = 0x0d;

/** The longest line that is passed on, in bytes; the rest of a longer one is left out. */
export const MAX_LINE_BYTES = 64 * 1024;

/** Makes lines of bytes that arrive in pieces. Holds at most one line of {@link MAX_LINE_BYTES}. */
export class LineSplitter {
  readonly #emit: (line: string) => void;
  readonly #line = Buffer.alloc(MAX_LINE_BYTES);
  #length = 0;
  #tooLong = false;

  constructor(emit: (line: string) => void) {
    this.#emit = emit;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
      this.#append(chunk.subarray(from, end));
      this.#flush();
      from = end + 1;
    }
    this.#append(chunk.subarray(from));
  }

  /** Passes on a last line that has no line feed. */
  end(): void {
    if (this.#length > 0) this.#flush();
  }

  /** Forgets an unfinished line. */
  reset(): void {
    this.#length = 0;
    this.#tooLong = false;
  }

  #append(bytes: Buffer): void {
    const copied = bytes.copy(this.#line, this.#length);
    this.#length += copied;
    if (copied < bytes.length) this.#tooLong = true;
  }

  #flush(): void {
    const end = !this.#tooLong && this.#line[this.#length - 1] === CR ? this.#length - 1 : this.#length;
    // Decoding whole lines keeps characters together; bytes that are no UTF-8 become U+FFFD.
    const text = this.#line.toString('utf8', 0, this.#length === 0 ? 0 : end);
    this.#emit(this.#tooLong ? `${text}…` : text);
    this.reset();
  }
}
