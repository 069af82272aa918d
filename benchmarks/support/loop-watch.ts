import { readFileSync } from 'node:fs';

/** The longest that an event loop stood still, in milliseconds. */
export interface Blocks {
  /** By the clock: what the system took away for other processes is in it. */
  readonly longestMs: number;
  /** By the processor time of the loop's own thread: what it did itself. */
  readonly longestBusyMs: number;
}

/** Watches the event loop of its own process by a timer of a millisecond. */
export class LoopWatch implements Disposable {
  readonly #timer = setInterval(() => this.#look(), 1);
  #at = performance.now();
  #busy = busyMs();
  #longest = 0;
  #longestBusy = 0;

  get blocks(): Blocks {
    this.#look();
    return { longestMs: this.#longest, longestBusyMs: this.#longestBusy };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const [at, busy] = [performance.now(), busyMs()];
    this.#longest = Math.max(this.#longest, at - this.#at);
    this.#longestBusy = Math.max(this.#longestBusy, busy - this.#busy);
    [this.#at, this.#busy] = [at, busy];
  }
}

/** Since the thread began: the first number of its line is nanoseconds. */
function busyMs(): number {
  process.cpuUsage(); // Makes the kernel count up to now: the file by itself may be 4 ms behind.
  return Number.parseInt(readFileSync('/proc/thread-self/schedstat', 'utf8'), 10) / 1e6;
}
