import type { RequestId } from './read-request.ts';
import type { RequestError } from './request-error.ts';

/** One request that is being answered. The first reason to give it up counts. */
export class Call {
  /** `null`: a notification. */
  readonly id: RequestId | null;
  /** Settles when it has been answered. Never rejects. */
  settled: Promise<void> = Promise.resolve();
  #controller: AbortController | null = null;

  constructor(id: RequestId | null) {
    this.id = id;
  }

  /** Fires with a {@link RequestError}. Made on demand: most requests are answered before anyone could give them up. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  abort(reason: RequestError): void {
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }
}
