const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One step of a {@link FrameSplitter}: a whole frame, or the end of all frames because one is longer than the limit. */
export type Frame = { readonly kind: 'frame'; readonly text: string } | { readonly kind: 'too_large' };

/**
 * Cuts a stream of bytes into frames: text in UTF-8 that ends with a newline. A carriage return before the newline and
 * empty lines are left out. Bytes that are not UTF-8 become U+FFFD.
 *
 * Holds at most the limit and one chunk. After `too_large` nothing more comes out: there is no telling where the next
 * frame begins.
 */
export class FrameSplitter {
  readonly #limit: number;
  /** What has come and was not taken yet, in order. */
  #chunks: Buffer[] = [];
  /** The bytes in them. */
  #size = 0;
  /** How many of them hold no newline, as far as is known. */
  #searched = 0;
  #overflowed = false;

  /** @param limit The longest frame in bytes, without its line end. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether bytes have come that are not a whole frame yet; to be asked after {@link next} gave `null`. */
  get hasPartialFrame(): boolean {
    return this.#chunks.length > 0;
  }

  push(chunk: Buffer): void {
    if (this.#overflowed || chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /** The next frame, or `null` until more bytes come. */
  next(): Frame | null {
    for (;;) {
      const line = this.#takeLine();
      if (line === null) return this.#overflowed ? this.#drop() : null;
      if (line.length > 0) return this.#frameOf(line);
    }
  }

  /** At the end of the stream: what came after the last newline, if anything. */
  end(): Frame | null {
    const rest = withoutCarriageReturn(Buffer.concat(this.#chunks));
    this.#chunks = [];
    this.#size = 0;
    this.#searched = 0;
    return rest.length === 0 ? null : this.#frameOf(rest);
  }

  #frameOf(line: Buffer): Frame {
    return line.length > this.#limit ? this.#drop() : { kind: 'frame', text: line.toString('utf8') };
  }

  #drop(): Frame {
    this.#chunks = [];
    this.#size = 0;
    this.#searched = 0;
    this.#overflowed = true;
    return { kind: 'too_large' };
  }

  #takeLine(): Buffer | null {
    if (this.#overflowed) return null;
    for (; this.#searched < this.#chunks.length; this.#searched += 1) {
      const newline = this.#chunks[this.#searched]?.indexOf(NEWLINE) ?? -1;
      if (newline !== -1) return this.#cut(newline);
    }
    // One more for a carriage return.
    this.#overflowed = this.#size > this.#limit + 1;
    return null;
  }

  /** Takes the line that ends at this place of the chunk that was searched last. */
  #cut(newline: number): Buffer {
    const before = this.#chunks.slice(0, this.#searched);
    const [last = Buffer.alloc(0), ...after] = this.#chunks.slice(this.#searched);
    const head = last.subarray(0, newline);
    const rest = last.subarray(newline + 1);
    const line = before.length === 0 ? head : Buffer.concat([...before, head]);
    this.#chunks = rest.length === 0 ? after : [rest, ...after];
    this.#size -= line.length + 1;
    this.#searched = 0;
    return withoutCarriageReturn(line);
  }
}

function withoutCarriageReturn(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
