/** One run of one unit. */
interface Run {
  readonly unit: string;
  readonly run: number;
}

/**
 * The runs that connections answer for, also when somebody has completed them early: what the holder reports then is the
 * end of the work itself.
 */
export class HeldRuns {
  readonly #runs = new WeakMap<object, Map<string, number>>();

  /** The connection has begun this run, and holds it. */
  add(holder: object, { unit, run }: Run): void {
    const runs = this.#runs.get(holder) ?? new Map<string, number>();
    this.#runs.set(holder, runs.set(unit, run));
  }

  /** Whether it is the latest run of the unit that the connection has begun and held. */
  has(holder: object, { unit, run }: Run): boolean {
    return this.#runs.get(holder)?.get(unit) === run;
  }
}
