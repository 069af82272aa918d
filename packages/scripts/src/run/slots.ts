/** Lets a limited number of holders in at once; the others queue in order. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Waits for a slot. Dispose of it to let the next one in.
   *
   * @returns `null` if `signal` was aborted first.
   */
  async take(signal: AbortSignal): Promise<Disposable | null> {
    if (signal.aborted) return null;
    if (this.#free > 0) {
      this.#free -= 1;
      return this.#slot();
    }
    return await this.#queue(signal);
  }

  async #queue(signal: AbortSignal): Promise<Disposable | null> {
    const { promise, resolve } = Promise.withResolvers<Disposable | null>();
    const enter = () => resolve(this.#slot());
    const leave = () => {
      this.#waiting.splice(this.#waiting.indexOf(enter), 1);
      resolve(null);
    };
    this.#waiting.push(enter);
    signal.addEventListener('abort', leave, { once: true });
    const slot = await promise;
    signal.removeEventListener('abort', leave);
    return slot;
  }

  #slot(): Disposable {
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        const next = this.#waiting.shift();
        if (next === undefined) this.#free += 1;
        else next();
      },
    };
  }
}
