/** Time as the runner sees it. Tests pass one that they move by hand. */
export interface Clock {
  /** Wall time in milliseconds since the epoch; only shown, never subtracted. */
  now(): number;
  /** Milliseconds since some fixed moment; never goes back. */
  monotonic(): number;
  /** Calls `callback` once after `ms` milliseconds, unless the result is disposed before. */
  schedule(callback: () => void, ms: number): Disposable;
}

/** Node waits at most this long in one timer; a longer delay would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(callback, ms) {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/** Resolves after `ms` milliseconds of `clock`, or as soon as `until` settles. */
export async function pause(clock: Clock, ms: number, until?: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _timer = clock.schedule(resolve, ms);
  until?.then(
    () => resolve(),
    () => resolve(),
  );
  await promise;
}
