import {
  type Completion,
  type CompletionReport,
  describeCause,
  describeCompletion,
  describeUnmet,
  startWhenReady,
  UnitError,
} from '@muster/unit';
import type { Logger } from '../logger.ts';
import type { PlannedScript } from '../plan/plan.ts';
import { errorCode } from '../run/failure-reason.ts';
import type { UnitTracker } from '../unit-tracker.ts';

/** What came of waiting for the dependencies. */
export type Admission =
  | { readonly kind: 'started'; readonly run: number }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'canceled' };

/** The unit of one script. No error of the tracker leaves this class: it is logged, and the script goes on. */
export class TrackedUnit {
  readonly #units: UnitTracker;
  readonly #logger: Logger;
  readonly #planned: PlannedScript;
  /** For scripts without a unit, and for trackers that don't count. */
  #runs = 0;

  constructor(units: UnitTracker, logger: Logger, planned: PlannedScript) {
    this.#units = units;
    this.#logger = logger;
    this.#planned = planned;
  }

  register(): void {
    this.#try('register', (unit) => this.#units.register(unit));
  }

  addDependencies(): void {
    const { dependencies } = this.#planned;
    if (dependencies.length > 0)
      this.#try('add the dependencies of', (unit) => this.#units.addDependencies(unit, dependencies));
  }

  /** Waits until the unit is runnable, and starts it in the same step. */
  async start(signal: AbortSignal): Promise<Admission> {
    if (signal.aborted) return this.#cancel();
    const { unit } = this.#planned;
    if (unit === null) return this.#started(0);
    try {
      return this.#started(
        await startWhenReady(this.#units, unit, {
          owner: 'its script',
          signal,
          onWaiting: (unmet) => this.#say(describeUnmet(unmet)),
        }),
      );
    } catch (error) {
      if (signal.aborted) return this.#cancel();
      if (error instanceof UnitError && error.code === 'impossible') return this.#skip(error);
      this.#warn('start', error);
      return this.#started(0);
    }
  }

  /**
   * A script may have reported its unit complete and gone on. What became of it then is noted, if it went wrong. That it was
   * cancelled is not: somebody wanted that, as for a service when the agent stops.
   */
  complete(report: CompletionReport & Pick<Completion, 'outcome'>): void {
    this.#try('complete', (unit) => {
      try {
        this.#units.complete(unit, report);
      } catch (error) {
        if (!isAlreadyCompleted(error)) throw error;
        if (report.outcome === 'succeeded' || report.outcome === 'canceled' || saysTheSame(error, report)) return;
        const end = describeCompletion({ run: this.#runs, at: 0, ...report });
        this.#units.note(unit, `the script ${end} after its unit had been completed`);
      }
    });
  }

  #started(run: number): Admission {
    this.#runs = Number.isInteger(run) && run > 0 ? run : this.#runs + 1;
    return { kind: 'started', run: this.#runs };
  }

  #skip(error: UnitError): Admission {
    const reason = error.facts.cause === undefined ? error.message : describeCause(error.facts.cause);
    this.#close({ outcome: 'skipped', reason });
    return { kind: 'skipped', reason };
  }

  #cancel(): Admission {
    this.#close({ outcome: 'canceled' });
    return { kind: 'canceled' };
  }

  /** Completes a unit that did not start. Usually the tracker has skipped it already, or an earlier run has completed it. */
  #close(report: CompletionReport): void {
    const { unit } = this.#planned;
    if (unit === null) return;
    try {
      this.#units.complete(unit, report);
    } catch (error) {
      if (!isAlreadyCompleted(error)) this.#warn('complete', error);
    }
  }

  #say(unmet: string): void {
    const { script, unit } = this.#planned;
    this.#logger.debug({ script: script.id, unit }, `the script waits for ${unmet}`);
  }

  #try(verb: string, action: (unit: string) => void): void {
    const { unit } = this.#planned;
    if (unit === null) return;
    try {
      action(unit);
    } catch (error) {
      this.#warn(verb, error);
    }
  }

  #warn(verb: string, error: unknown): void {
    const { script, unit } = this.#planned;
    const code = error instanceof UnitError ? error.code : errorCode(error);
    this.#logger.warn(
      { script: script.id, unit, code },
      `cannot ${verb} the unit of a script; the script is not affected`,
    );
  }
}

function isAlreadyCompleted(error: unknown): error is UnitError {
  return error instanceof UnitError && error.code === 'already_completed';
}

/** As where a trap has reported the exit code that the script then ended with. */
function saysTheSame({ facts: { completion } }: UnitError, { outcome, exitCode }: CompletionReport): boolean {
  return completion !== undefined && completion.outcome === outcome && (completion.exitCode ?? exitCode) === exitCode;
}
