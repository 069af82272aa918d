import type { Output } from '../io.ts';

// Control sequences of xterm that every terminal in use knows (xterm, "XTerm Control Sequences").
const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const CLEAR = '\x1b[H\x1b[2J';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

/**
 * Lines on the alternate screen of a terminal: what was there before comes back, and lines that the terminal wraps anew when
 * its size changes do no harm. Only lines that changed are written, each frame at once.
 */
export class Screen implements Disposable {
  readonly #output: Output;
  #lines: readonly string[] = [];
  #isOpen = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Shows these lines and nothing else. */
  show(lines: readonly string[]): void {
    let frame = '';
    if (!this.#isOpen) frame += ENTER + CLEAR;
    this.#isOpen = true;
    // Cleared before it is written: after a full line the cursor stands on its last character, which would go.
    for (const [row, line] of lines.entries()) {
      if (line !== this.#lines[row]) frame += `\x1b[${row + 1};1H${CLEAR_LINE}${line}`;
    }
    if (lines.length < this.#lines.length) frame += `\x1b[${lines.length + 1};1H${CLEAR_BELOW}`;
    this.#lines = lines;
    if (frame !== '') this.#output.write(frame);
  }

  /** Forgets what is there, because the terminal has changed it. The next {@link show} writes everything. */
  invalidate(): void {
    this.#lines = [];
    if (this.#isOpen) this.#output.write(CLEAR);
  }

  /** Gives the terminal back, with its cursor. May be called again, and {@link show} comes back to the screen. */
  [Symbol.dispose](): void {
    if (this.#isOpen) this.#output.write(LEAVE);
    this.#isOpen = false;
    this.#lines = [];
  }
}
