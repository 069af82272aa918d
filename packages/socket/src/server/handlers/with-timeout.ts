import type { Call } from '../call.ts';
import type { CallSignal } from '../call-signal.ts';
import type { RequestError } from '../request-error.ts';

/** Node fires a longer timer at once; this is 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Timeout {
  /** 0: never. */
  readonly timeoutMs: number;
  readonly call: Call;
  readonly onTimeout: () => RequestError;
}

/**
 * Runs a wait that ends with an error when its time is over, or when its request is given up. Not an async function: each wait
 * that goes on would hold one more, and thousands may.
 */
export function withTimeout<T>(timeout: Timeout, wait: (signal: CallSignal) => Promise<T>): Promise<T> {
  const { timeoutMs, call, onTimeout } = timeout;
  const waiting = wait(call.signal);
  if (timeoutMs === 0) return waiting;
  const timer = setTimeout(() => call.abort(onTimeout()), Math.min(timeoutMs, LONGEST_TIMER_MS));
  return waiting.finally(() => clearTimeout(timer));
}
