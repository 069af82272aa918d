import type { Requirement, Standing, UnitManager } from '@muster/unit';

/** What a wait is for. */
export interface WaitGoal {
  readonly units: readonly string[];
  readonly for: Requirement;
  /** One of the units is enough. */
  readonly any: boolean;
}

/**
 * How far the units of a wait have come. Each change costs the same, however many units are waited for: only counts are
 * kept up, nothing is looked through.
 */
export class WaitProgress {
  readonly #units: UnitManager;
  readonly #goal: WaitGoal;
  readonly #standings = new Map<string, Standing>();
  readonly #counts: Record<Standing, number> = { waiting: 0, satisfied: 0, impossible: 0 };

  constructor(units: UnitManager, goal: WaitGoal) {
    this.#units = units;
    this.#goal = goal;
    for (const unit of new Set(goal.units)) {
      const standing = standingOf(units, unit, goal.for);
      this.#standings.set(unit, standing);
      this.#counts[standing] += 1;
    }
  }

  /** Looks at a unit again. @returns whether the wait is for that unit, and its standing is another one now. */
  update(unit: string): boolean {
    const before = this.#standings.get(unit);
    if (before === undefined) return false;
    const standing = standingOf(this.#units, unit, this.#goal.for);
    this.#standings.set(unit, standing);
    this.#counts[before] -= 1;
    this.#counts[standing] += 1;
    return standing !== before;
  }

  /** What the wait as a whole has come to. */
  get standing(): Standing {
    const { size } = this.#standings;
    const { satisfied, impossible } = this.#counts;
    if (this.#goal.any ? satisfied > 0 : satisfied === size) return 'satisfied';
    return impossible > 0 && (!this.#goal.any || impossible === size) ? 'impossible' : 'waiting';
  }

  /** The units of the wait that have this standing, in the order of the request. */
  unitsThat(standing: Standing): string[] {
    return [...this.#standings].filter(([, one]) => one === standing).map(([unit]) => unit);
  }
}

/** As of a dependency; a name that nobody has mentioned yet may still come. */
export function standingOf(units: UnitManager, unit: string, requires: Requirement): Standing {
  return units.find(unit) === null ? 'waiting' : units.standing(unit, requires);
}
