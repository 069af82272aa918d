import { setTimeout } from 'node:timers/promises';
import type { Clock } from '@muster/scripts';

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  #time = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return Date.UTC(2026, 0, 1) + this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  schedule(callback: () => void, ms: number): Disposable {
    const timer = { at: this.#time + ms, callback };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => this.#timers.delete(timer) };
  }

  get pending(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    const end = this.#time + ms;
    for (let due = this.#next(end); due !== undefined; due = this.#next(end)) {
      this.#time = Math.max(this.#time, due.at);
      this.#timers.delete(due);
      due.callback();
    }
    this.#time = end;
  }

  /** Moves time, after a real millisecond in which processes can get on. */
  async step(ms: number): Promise<void> {
    await setTimeout(1);
    this.advance(ms);
  }

  /** Lets time pass until the promise settles. */
  async passUntil<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    void promise.finally(() => {
      settled = true;
    });
    while (!settled) await this.step(1);
    return await promise;
  }

  #next(end: number): { at: number; callback: () => void } | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
