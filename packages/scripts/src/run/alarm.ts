import { nextDue } from '../plan/cron-pattern.ts';

/**
 * The longest wait, in milliseconds. A timer notices neither that the clock is set nor that the machine sleeps, so this is how late
 * a run may be afterwards.
 */
const LONGEST_WAIT_MS = 10 * 60_000;

/** When a script is due. */
export interface Due {
  readonly cron: string;
  readonly timezone: string | undefined;
}

/**
 * Calls `ring` whenever it is due, by the clock on the wall; after a pause in which it could not, once. croner would do that too,
 * but it wakes up every 30 seconds.
 */
export class Alarm implements Disposable {
  readonly #due: Due;
  readonly #ring: () => void;
  /** Only what comes after it counts, in milliseconds since the epoch. */
  #since = Date.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(due: Due, ring: () => void) {
    this.#due = due;
    this.#ring = ring;
    this.#wait();
  }

  /** It does not ring any more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const next = nextDue(this.#due.cron, this.#due.timezone, new Date(this.#since));
    if (next === null) return;
    const ms = Math.max(0, Math.min(next.getTime() - Date.now(), LONGEST_WAIT_MS));
    this.#timer = setTimeout(() => this.#wake(next.getTime()), ms);
  }

  #wake(next: number): void {
    const now = Date.now();
    const isDue = now >= next;
    // Set back by less than the time between two runs, the clock comes to the last one again, which must not make it run twice. Set
    // back by more, it must not make everything wait until it has caught up.
    if (isDue || this.#since - now >= this.#timeAfter(next)) this.#since = now;
    this.#wait();
    if (isDue) this.#ring();
  }

  /** Milliseconds from one due time to the next. */
  #timeAfter(due: number): number {
    const next = nextDue(this.#due.cron, this.#due.timezone, new Date(due));
    return next === null ? Number.POSITIVE_INFINITY : next.getTime() - due;
  }
}
