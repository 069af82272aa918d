import type { UnitEvent } from './event.ts';
import type { Readiness } from './snapshot.ts';

type EventListener = (event: UnitEvent) => void;
type ReadinessListener = (readiness: Readiness) => void;

interface Subscriber {
  readonly listener: EventListener;
  /** Events up to this one happened before the subscription. */
  readonly after: number;
}

/**
 * Tells listeners of changes, after the operation that made them and in order.
 *
 * A listener may call the manager again: what that changes is told after everything before it, to everyone. So each
 * listener sees the events in sequence, and none sees a half-done operation.
 */
export class Notifier {
  readonly #onListenerError: (error: unknown) => void;
  readonly #readinessOf: (node: number) => Readiness;
  readonly #subscribers = new Set<Subscriber>();
  readonly #watchers = new Map<number, Set<ReadinessListener>>();
  #queue: (UnitEvent | number)[] = [];
  #delivering = false;

  constructor(options: { onListenerError: (error: unknown) => void; readinessOf: (node: number) => Readiness }) {
    this.#onListenerError = options.onListenerError;
    this.#readinessOf = options.readinessOf;
  }

  subscribe(listener: EventListener, after: number): Disposable {
    const subscriber = { listener, after };
    this.#subscribers.add(subscriber);
    return { [Symbol.dispose]: () => void this.#subscribers.delete(subscriber) };
  }

  watch(node: number, listener: ReadinessListener): Disposable {
    // Wrapped, so that one function that watches twice is two watchers.
    const watcher: ReadinessListener = (readiness) => listener(readiness);
    const watchers = this.#watchers.get(node) ?? new Set();
    this.#watchers.set(node, watchers.add(watcher));
    return {
      [Symbol.dispose]: () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && this.#watchers.get(node) === watchers) this.#watchers.delete(node);
      },
    };
  }

  enqueueEvent(event: UnitEvent): void {
    if (this.#subscribers.size > 0) this.#queue.push(Object.freeze(event));
  }

  enqueueReadiness(node: number): void {
    if (this.#watchers.size > 0 && this.#watchers.has(node)) this.#queue.push(node);
  }

  /** Delivers what is queued. Inside a delivery it does nothing: that delivery goes on until the queue is empty. */
  flush(): void {
    if (this.#delivering || this.#queue.length === 0) return;
    this.#delivering = true;
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      for (const entry of new Set(batch)) this.#deliver(entry);
    }
    // Nothing in between throws: see #attempt.
    this.#delivering = false;
  }

  #deliver(entry: UnitEvent | number): void {
    if (typeof entry === 'number') {
      const readiness = this.#readinessOf(entry);
      for (const watcher of [...(this.#watchers.get(entry) ?? [])]) {
        // A watcher may have been disposed of by the one before it.
        if (this.#watchers.get(entry)?.has(watcher)) this.#attempt(() => watcher(readiness));
      }
      return;
    }
    for (const { listener, after } of this.#subscribers) {
      if (entry.seq > after) this.#attempt(() => listener(entry));
    }
  }

  #attempt(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#tellError(error);
    }
  }

  /** Whoever is told of errors may fail in that. The operation has happened all the same, and the others are still to be told. */
  #tellError(error: unknown): void {
    try {
      this.#onListenerError(error);
    } catch (second) {
      rejectUnhandled(second);
    }
  }
}

/** Lets an error end in the open, as an unhandled rejection, without throwing it here. */
export function rejectUnhandled(error: unknown): void {
  void Promise.reject(error);
}
