import type { AbortSignalLike } from '@muster/unit';

/**
 * Fires once when a request is given up. What waits need of an AbortSignal and no more: thousands of requests may wait, and each
 * would hold half a kilobyte for it.
 */
export class CallSignal implements AbortSignalLike {
  #fired: { readonly reason: unknown } | null = null;
  #listeners: readonly (() => void)[] = [];

  get aborted(): boolean {
    return this.#fired !== null;
  }

  /** What it was fired with; `undefined` before. */
  get reason(): unknown {
    return this.#fired?.reason;
  }

  throwIfAborted(): void {
    if (this.#fired !== null) throw this.#fired.reason;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = [...this.#listeners, listener];
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((each) => each !== listener);
  }

  /** The first reason counts. */
  fire(reason: unknown): void {
    if (this.#fired !== null) return;
    this.#fired = { reason };
    for (const listener of this.#listeners) {
      // One may have been removed by the one before it, and one that throws must not keep the others waiting for ever.
      if (this.#listeners.includes(listener)) attempt(listener);
    }
  }
}

function attempt(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    void Promise.reject(error); // A bug, which is to be seen.
  }
}
