import type { Clock } from '@muster/scripts';

/** How many times faster waiting becomes: a grace of ten seconds ends after a tenth of one. */
const HURRY = 100;

interface Waiting {
  readonly callback: () => void;
  readonly dueAt: number;
  timer: NodeJS.Timeout | undefined;
}

/** The time of this machine for the script runner, whose waits can be cut short: that is what a second signal does. */
export class HurriedClock implements Clock {
  readonly #waiting = new Set<Waiting>();
  #hurried = false;

  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  schedule(callback: () => void, ms: number): Disposable {
    const waiting: Waiting = { callback, dueAt: this.monotonic() + ms, timer: undefined };
    this.#arm(waiting, ms);
    this.#waiting.add(waiting);
    return { [Symbol.dispose]: () => this.#disarm(waiting) };
  }

  /** From now on waits take a hundredth of their time, those under way included. */
  hurry(): void {
    if (this.#hurried) return;
    this.#hurried = true;
    for (const waiting of this.#waiting) {
      clearTimeout(waiting.timer);
      this.#arm(waiting, Math.max(0, waiting.dueAt - this.monotonic()));
    }
  }

  #arm(waiting: Waiting, ms: number): void {
    waiting.timer = setTimeout(
      () => {
        this.#waiting.delete(waiting);
        waiting.callback();
      },
      this.#hurried ? ms / HURRY : ms,
    );
  }

  #disarm(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    clearTimeout(waiting.timer);
  }
}
