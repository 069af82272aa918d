import { Cron } from 'croner';
import type { Logger } from '../logger.ts';
import { CRON_OPTIONS } from '../plan/cron-pattern.ts';
import type { PlannedScript } from '../plan/plan.ts';
import { errorCode } from './failure-reason.ts';

/** What a schedule does with its scripts. */
export interface ScheduleOptions {
  readonly logger: Logger;
  /** Runs one script to its end. Must end soon after `signal` is aborted. */
  run(planned: PlannedScript, signal: AbortSignal): Promise<unknown>;
  /** A script was due while its last run was still going on. */
  onOverrun(planned: PlannedScript): void;
}

/**
 * Runs scripts whenever they are due, one run of a script at a time. Begins when it is made.
 *
 * Daylight saving is as in Vixie cron: a time that is skipped in spring runs once, right after the gap; one that comes
 * twice in autumn runs once; intervals such as every half hour just go on.
 */
export class Schedule implements AsyncDisposable {
  readonly #options: ScheduleOptions;
  readonly #controller = new AbortController();
  readonly #crons: Cron[];
  readonly #running = new Map<PlannedScript, Promise<void>>();

  constructor(planned: readonly PlannedScript[], options: ScheduleOptions) {
    this.#options = options;
    this.#crons = planned.flatMap((entry) => this.#arm(entry));
  }

  /** Nothing is due any more; what runs is cancelled. Resolves when it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const cron of this.#crons) cron.stop();
    this.#controller.abort();
    await Promise.all(this.#running.values());
  }

  #arm(planned: PlannedScript): Cron[] {
    const { id, cron, timezone } = planned.script;
    if (cron === undefined) return [];
    const { logger } = this.#options;
    const options = {
      ...CRON_OPTIONS,
      ...(timezone === undefined ? {} : { timezone }),
      // No `protect`: croner would make up for a skipped run as soon as the last one has ended.
      // Without `catch`, an error in a job would be an unhandled rejection, which ends the process.
      catch: (error: unknown) =>
        logger.error({ script: id, code: errorCode(error) }, 'a scheduled run failed unexpectedly'),
    };
    return [new Cron(cron, options, () => this.#due(planned))];
  }

  async #due(planned: PlannedScript): Promise<void> {
    if (this.#controller.signal.aborted) return;
    if (this.#running.has(planned)) this.#options.onOverrun(planned);
    else await this.#run(planned);
  }

  async #run(planned: PlannedScript): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running.set(planned, promise);
    try {
      await this.#options.run(planned, this.#controller.signal);
    } finally {
      this.#running.delete(planned);
      resolve();
    }
  }
}
