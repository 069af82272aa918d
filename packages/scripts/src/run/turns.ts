import { setImmediate } from 'node:timers/promises';

/** Work that takes a millisecond or so, one piece in each turn of the event loop: in between, others are served. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves in a turn of its own, behind all that asked before. */
  next(): Promise<void> {
    this.#last = this.#last.then(() => setImmediate());
    return this.#last;
  }
}
