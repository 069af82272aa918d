import type { DependencySnapshot, ManagerSnapshot, UnitSnapshot } from './snapshot.ts';

/**
 * What the work of a run waits for, by the word of one of its own processes: a script that calls `muster wait`, say. No
 * dependency shows it, and the unit is started all the while.
 */
export interface WorkWait {
  readonly unit: string;
  /** The run that waits. The wait counts while that is the present run of the unit. */
  readonly run: number;
  /** Names of units, registered or not. */
  readonly awaits: readonly string[];
  /** One of them is enough. */
  readonly any: boolean;
}

/** Names of which one has to come before somebody can go on. */
export type Demand = readonly string[];

/** Who waits for whom at one moment: pending units by their dependencies, started ones by their {@link WorkWait}s. */
export class WaitGraph {
  readonly units: ReadonlyMap<string, UnitSnapshot>;
  /** Whether any unit waits in other ways than by its dependencies. */
  readonly hasWorkWaits: boolean;
  readonly #dependencies: ReadonlyMap<string, readonly DependencySnapshot[]>;
  readonly #dependents: ReadonlyMap<string, readonly DependencySnapshot[]>;
  readonly #work: ReadonlyMap<string, readonly WorkWait[]>;
  /** Units whose work waits for a name. */
  readonly #workers = new Map<string, string[]>();

  constructor({ units, dependencies }: ManagerSnapshot, waits: readonly WorkWait[]) {
    this.units = new Map(units.map((unit) => [unit.unit, unit]));
    const unmet = dependencies.filter(({ satisfied }) => !satisfied);
    this.#dependencies = Map.groupBy(unmet, ({ unit }) => unit);
    this.#dependents = Map.groupBy(unmet, ({ dependsOn }) => dependsOn);
    const present = waits.filter(({ unit, run, awaits }) => awaits.length > 0 && this.#isAtWork(unit, run));
    this.#work = Map.groupBy(present, ({ unit }) => unit);
    this.hasWorkWaits = present.length > 0;
    for (const { unit, awaits } of present) for (const name of new Set(awaits)) append(this.#workers, name, unit);
  }

  /** Everything that keeps a unit from going on: one of each demand has to come. Empty for one that waits for nothing. */
  demandsOf(unit: string): readonly Demand[] {
    if (this.units.get(unit)?.status !== 'started')
      return (this.#dependencies.get(unit) ?? []).map(({ dependsOn }) => [dependsOn]);
    const waits = this.#work.get(unit) ?? [];
    return waits.flatMap(({ awaits, any }) => (any ? [awaits] : awaits.map((name) => [name])));
  }

  /** The names in {@link demandsOf}, each once. */
  waitsFor(unit: string): ReadonlySet<string> {
    return new Set(this.demandsOf(unit).flat());
  }

  /** Every name that somebody waits for. */
  awaited(): ReadonlySet<string> {
    return new Set([...this.#dependents.keys(), ...this.#workers.keys()]);
  }

  /** The units that are held up by a name directly: pending ones that depend on it, started ones whose work awaits it. */
  heldUpBy(name: string): readonly string[] {
    const pending = (this.#dependents.get(name) ?? []).map(({ unit }) => unit as string);
    return [
      ...pending.filter((unit) => this.units.get(unit)?.status === 'pending'),
      ...(this.#workers.get(name) ?? []),
    ];
  }

  #isAtWork(unit: string, run: number): boolean {
    const found = this.units.get(unit);
    return found?.status === 'started' && found.run === run;
  }
}

/** Adds to the list under a key. */
export function append<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
