import type { RunReport } from '@muster/scripts';
import type { StartFailure } from '@muster/socket/server';
import type { Completion, UnitManager } from '@muster/unit';

/**
 * What went wrong with the start, whenever that comes out: a script may fail long after it has reported its unit complete, and
 * the state of the agent can't be taken back then.
 */
export class StartFailures {
  readonly #units: UnitManager;
  /** First runs of units of the start that were reported to end in any way but well. */
  readonly #badEnds = new Map<string, Completion>();
  /** Of scripts that went wrong themselves, whatever their unit says. */
  readonly #reports = new Map<string, RunReport>();

  constructor(units: UnitManager) {
    this.#units = units;
  }

  /** Follows the units of the start. Dispose of the result to stop. */
  watch(names: readonly string[]): Disposable {
    const left = new Set(names);
    return this.#units.subscribe(({ type, unit }) => {
      if (type !== 'completed' || !left.delete(unit)) return;
      const completion = this.#units.find(unit)?.completion;
      if (completion && completion.outcome !== 'succeeded') this.#badEnds.set(unit, completion);
    });
  }

  /** Takes in how a script of the start ended. One that was cancelled was so because the agent stops. */
  take(report: RunReport): void {
    const { unit, outcome } = report;
    if (unit !== null && (outcome === 'failed' || outcome === 'timed_out')) this.#reports.set(unit, report);
  }

  /** Each unit once. What was skipped is a consequence: named is what it needs, also where that is no unit of the start. */
  list(): StartFailure[] {
    const failures = new Map<string, StartFailure>();
    for (const [unit, completion] of this.#badEnds) {
      const root = this.#rootOf(unit, completion);
      if (root !== null) failures.set(root.unit, toFailure(root.unit, root.end));
    }
    for (const [unit, report] of this.#reports) failures.set(unit, toFailure(unit, report));
    return [...failures.values()].sort((a, b) => (a.unit < b.unit ? -1 : 1));
  }

  /** Goes back over the causes of a skip. `null` where they lead to another unit of the start, which answers for itself. */
  #rootOf(unit: string, completion: Completion): { readonly unit: string; readonly end: Completion } | null {
    let root = { unit, end: completion };
    for (let { cause } = completion; cause !== undefined; cause = cause.completion.cause) {
      if (this.#badEnds.has(cause.dependsOn)) return null;
      root = { unit: cause.dependsOn, end: cause.completion };
    }
    return root;
  }
}

type End = Pick<StartFailure, 'outcome'> & {
  readonly exitCode?: number | null | undefined;
  readonly signal?: string | null | undefined;
  readonly reason?: string | null | undefined;
};

function toFailure(unit: string, { outcome, exitCode = null, signal = null, reason = null }: End): StartFailure {
  return { unit, outcome, exitCode, signal, reason };
}
