import type { Call } from '../call.ts';
import type { RequestError } from '../request-error.ts';

/** Node fires a longer timer at once; this is 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Timeout {
  /** 0: never. */
  readonly timeoutMs: number;
  readonly call: Call;
  readonly onTimeout: () => RequestError;
}

/** Runs a wait that ends with an error when its time is over, or when its request is given up. */
export async function withTimeout<T>(timeout: Timeout, wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { timeoutMs, call, onTimeout } = timeout;
  const timer = timeoutMs > 0 ? setTimeout(() => call.abort(onTimeout()), Math.min(timeoutMs, LONGEST_TIMER_MS)) : null;
  try {
    return await wait(call.signal);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
