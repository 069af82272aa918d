/**
 * Something that comes once, as a promise that many wait for and few to the end: whoever stops waiting leaves nothing
 * behind, which a promise can't offer.
 */
export class Milestone {
  readonly #waiting = new Set<() => void>();
  #isReached = false;

  /** Reached when the promise settles, either way. */
  constructor(promise: Promise<unknown>) {
    const reach = (): void => {
      this.#isReached = true;
      for (const action of this.#waiting) action();
      this.#waiting.clear();
    };
    promise.then(reach, reach);
  }

  /** Calls back once, at once if it is reached already. Dispose of the result to stop. */
  onReached(action: () => void): Disposable {
    const entry = (): void => action();
    if (this.#isReached) action();
    else this.#waiting.add(entry);
    return { [Symbol.dispose]: () => void this.#waiting.delete(entry) };
  }
}
