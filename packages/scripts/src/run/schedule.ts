import type { Logger } from '../logger.ts';
import type { PlannedScript } from '../plan/plan.ts';
import { Alarm } from './alarm.ts';
import { errorCode } from './failure-reason.ts';

/** What a schedule does with its scripts. */
export interface ScheduleOptions {
  readonly logger: Logger;
  /** Runs one script to its end. Must end soon after `signal` is aborted. */
  run(planned: PlannedScript, signal: AbortSignal): Promise<unknown>;
  /** A script was due while its last run was still going on. */
  onOverrun(planned: PlannedScript): void;
}

/** Runs scripts whenever they are due, one run of a script at a time. Begins when it is made. */
export class Schedule implements AsyncDisposable {
  readonly #options: ScheduleOptions;
  readonly #controller = new AbortController();
  readonly #alarms: Alarm[];
  readonly #running = new Map<PlannedScript, Promise<void>>();

  constructor(planned: readonly PlannedScript[], options: ScheduleOptions) {
    this.#options = options;
    this.#alarms = planned.flatMap((entry) => this.#arm(entry));
  }

  /** Nothing is due any more; what runs is cancelled. Resolves when it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const alarm of this.#alarms) alarm[Symbol.dispose]();
    this.#controller.abort();
    await Promise.all(this.#running.values());
  }

  #arm(planned: PlannedScript): Alarm[] {
    const { id, cron, timezone } = planned.script;
    if (cron === undefined) return [];
    const { logger } = this.#options;
    const failed = (error: unknown) =>
      logger.error({ script: id, code: errorCode(error) }, 'a scheduled run failed unexpectedly');
    return [new Alarm({ cron, timezone }, () => void this.#due(planned).catch(failed))];
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
