import type { StartFailure } from '../../protocol/shapes.ts';
import { Milestone } from './milestone.ts';

/** What a server is told of the start: everything that the start triggers. */
export interface StartupOptions {
  /** Settles when all of it has ended. */
  readonly ended: Promise<unknown>;
  /** The units of it that have not completed yet. */
  readonly pending: () => readonly string[];
  /** What went wrong with it, by now: a script may fail long after it has reported its unit complete. */
  readonly failed: () => readonly StartFailure[];
}

/** A server without scripts has started when it is there. */
export const NO_STARTUP: StartupOptions = { ended: Promise.resolve(), pending: () => [], failed: () => [] };

/** The start, which `sync.wait` can wait for. */
export class Startup {
  readonly ended: Milestone;
  readonly pending: () => readonly string[];
  readonly failed: () => readonly StartFailure[];

  constructor({ ended, pending, failed }: StartupOptions) {
    this.ended = new Milestone(ended);
    this.pending = pending;
    this.failed = failed;
  }
}
