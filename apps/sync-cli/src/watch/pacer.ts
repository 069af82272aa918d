/** The shortest time between two redraws, in milliseconds: ten a second are as many as an eye follows. */
const LEAST_MS = 100;

/** Decides when to draw: at once, but never sooner than {@link LEAST_MS} after the last time. Without requests it has no timer. */
export class Pacer implements Disposable {
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** Draws soon, or `afterMs` from now at the latest. */
  request(afterMs = 0): void {
    const now = performance.now();
    const due = Math.max(now + afterMs, this.#drawnAt + LEAST_MS);
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fire(), due - now);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#due = Number.NEGATIVE_INFINITY;
  }

  #fire(): void {
    this.#due = Number.POSITIVE_INFINITY;
    this.#drawnAt = performance.now();
    this.#draw();
  }
}
