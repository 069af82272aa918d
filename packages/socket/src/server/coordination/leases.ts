import type { UnitManager } from '@muster/unit';

/** Whoever answers for a run by being there: a connection, a process. */
export interface LeaseOwner {
  /** Completes the sentence `owner gone: …`. */
  readonly farewell: string;
  /** Calls back once when the owner has gone; at once if it has gone already. Dispose of the result to stop. */
  onEnd(action: () => void): Disposable;
}

/** Something that lasts as long as a run. */
interface Lease {
  readonly run: number;
  readonly subscription: Disposable;
}

/**
 * Runs that fail when their owner goes: nobody else would ever complete them.
 *
 * A lease ends with the run that it was granted for, whoever completes it; a later run of the unit is left alone.
 */
export class Leases implements Disposable {
  readonly #units: UnitManager;
  readonly #leases = new Map<string, Lease[]>();
  readonly #subscription: Disposable;

  constructor(units: UnitManager) {
    this.#units = units;
    this.#subscription = units.subscribe((event) => {
      if (event.type === 'completed') this.#drop(event.unit, event.run);
    });
  }

  /** Lets this run of the unit live as long as its owner. Does nothing for a run that has ended meanwhile. */
  grant({ unit, run }: { unit: string; run: number }, owner: LeaseOwner): void {
    if (!this.#goesOn(unit, run)) return;
    const end = (): void => {
      if (!this.#goesOn(unit, run)) return;
      this.#units.complete(unit, { outcome: 'failed', reason: `owner gone: ${owner.farewell}` });
    };
    // An owner that had gone already ends the run just now.
    this.untilEnd({ unit, run }, owner.onEnd(end));
  }

  /** Disposes of something when this run ends; at once if it has ended. */
  untilEnd({ unit, run }: { unit: string; run: number }, subscription: Disposable): void {
    if (!this.#goesOn(unit, run)) subscription[Symbol.dispose]();
    else this.#leases.set(unit, [...(this.#leases.get(unit) ?? []), { run, subscription }]);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    for (const unit of this.#leases.keys()) this.#drop(unit, Number.POSITIVE_INFINITY);
  }

  #goesOn(unit: string, run: number): boolean {
    const found = this.#units.find(unit);
    return found?.status === 'started' && found.run === run;
  }

  #drop(unit: string, run: number): void {
    const { ended = [], live = [] } = Object.groupBy(this.#leases.get(unit) ?? [], (lease) =>
      lease.run <= run ? 'ended' : 'live',
    );
    for (const { subscription } of ended) subscription[Symbol.dispose]();
    if (live.length > 0) this.#leases.set(unit, live);
    else this.#leases.delete(unit);
  }
}
