import { CallSignal } from './call-signal.ts';
import type { RequestId } from './read-request.ts';
import type { RequestError } from './request-error.ts';

/** One request that is being answered. The first reason to give it up counts. */
export class Call {
  /** `null`: a notification. */
  readonly id: RequestId | null;
  /** Settles when it has been answered. Never rejects. */
  settled: Promise<void> = Promise.resolve();
  #signal: CallSignal | null = null;

  constructor(id: RequestId | null) {
    this.id = id;
  }

  /** Fires with a {@link RequestError}. Made on demand: most requests are answered before anyone could give them up. */
  get signal(): CallSignal {
    this.#signal ??= new CallSignal();
    return this.#signal;
  }

  abort(reason: RequestError): void {
    this.signal.fire(reason);
  }
}
