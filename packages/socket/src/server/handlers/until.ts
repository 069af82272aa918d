import type { CallSignal } from '../call-signal.ts';

/** Begins to wait for something; what it returns is disposed of when the wait is over, however it ends. */
type Begin = (resolve: () => void, reject: (reason: unknown) => void) => Disposable | undefined;

/** A wait that its request can give up at any moment. Rejects with the signal's reason then. */
export async function until(signal: CallSignal, begin: Begin): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort);
  using _ = begin(resolve, reject);
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
