import { compareNames } from './compare-names.ts';
import type { UnitId } from './id.ts';
import type { DependencySnapshot, ManagerSnapshot, UnitSnapshot } from './snapshot.ts';

/**
 * What stands at the end of a chain of waiting.
 *
 * - `running`: it has started; its end, or the next one, decides
 * - `not_started`: it could run, but nobody has started it
 * - `not_registered`: it is only a name; nobody has registered it
 * - `ended`: it has completed in a way that does not help; only another run of it can
 */
export type Obstacle = 'running' | 'not_started' | 'not_registered' | 'ended';

/** A unit that itself waits for nothing, and that others wait for. */
export interface RootBlocker {
  readonly unit: UnitId;
  readonly obstacle: Obstacle;
  /** Since when it is so, in milliseconds since the epoch; `null` for a name that nobody has registered. */
  readonly since: number | null;
}

/** A {@link RootBlocker} seen from one unit that waits for it. */
export interface BlockerOfUnit extends RootBlocker {
  /** The shortest way there: the unit asked about, what it waits for, …, the blocker. */
  readonly path: readonly UnitId[];
}

/** A {@link RootBlocker} with everything it holds up. */
export interface BlockerOfMany extends RootBlocker {
  /** The pending units that wait for it, directly or not, sorted by name. */
  readonly heldUp: readonly UnitId[];
}

/** What a unit waits for in the end: every root, the nearest first, then by name. Empty if it waits for nothing. */
export function blockersOf(snapshot: ManagerSnapshot, unit: string): BlockerOfUnit[] {
  const graph = new WaitGraph(snapshot);
  const start = graph.units.get(unit);
  if (start === undefined) return [];
  const parents = new Map<UnitId, UnitId | null>([[start.unit, null]]);
  const roots: BlockerOfUnit[] = [];
  // A Map goes on to what is added while it is read, so this visits breadth first.
  for (const [visited] of parents) {
    const next = graph.waitsFor(visited);
    if (next.length === 0 && visited !== start.unit)
      roots.push({ ...graph.root(visited), path: pathTo(visited, parents) });
    for (const { dependsOn } of next) if (!parents.has(dependsOn)) parents.set(dependsOn, visited);
  }
  return roots.sort((a, b) => a.path.length - b.path.length || compareNames(a.unit, b.unit));
}

/** Everything that holds up others, the one with the most of them first. */
export function rankBlockers(snapshot: ManagerSnapshot): BlockerOfMany[] {
  const graph = new WaitGraph(snapshot);
  const roots = [...graph.awaited()].filter((unit) => graph.waitsFor(unit).length === 0);
  return roots
    .map((unit) => ({ ...graph.root(unit), heldUp: graph.heldUpBy(unit) }))
    .filter(({ heldUp }) => heldUp.length > 0)
    .sort((a, b) => b.heldUp.length - a.heldUp.length || compareNames(a.unit, b.unit));
}

/** The edges of a snapshot along which somebody waits. */
class WaitGraph {
  readonly units: ReadonlyMap<string, UnitSnapshot>;
  readonly #dependencies: Map<string, DependencySnapshot[]>;
  readonly #dependents: Map<string, DependencySnapshot[]>;

  constructor({ units, dependencies }: ManagerSnapshot) {
    this.units = new Map(units.map((unit) => [unit.unit, unit]));
    const unmet = dependencies.filter(({ satisfied }) => !satisfied);
    this.#dependencies = Map.groupBy(unmet, ({ unit }) => unit);
    this.#dependents = Map.groupBy(unmet, ({ dependsOn }) => dependsOn);
  }

  /** What keeps a unit from starting. Nothing does once it runs: then its own end is what counts. */
  waitsFor(unit: string): readonly DependencySnapshot[] {
    return this.units.get(unit)?.status === 'started' ? [] : (this.#dependencies.get(unit) ?? []);
  }

  awaited(): Iterable<string> {
    return this.#dependents.keys();
  }

  heldUpBy(root: string): UnitId[] {
    const reached = new Set<string>([root]);
    const heldUp: UnitId[] = [];
    for (const visited of reached) {
      for (const { unit } of this.#dependents.get(visited) ?? []) {
        if (reached.has(unit) || this.units.get(unit)?.status !== 'pending') continue;
        reached.add(unit);
        heldUp.push(unit);
      }
    }
    return heldUp.sort(compareNames);
  }

  root(name: string): RootBlocker {
    const { unit, status, changedAt } = this.units.get(name) as UnitSnapshot; // Every end of an edge is a unit.
    return { unit, obstacle: obstacleOf(status), since: changedAt };
  }
}

function obstacleOf(status: UnitSnapshot['status']): Obstacle {
  switch (status) {
    case null:
      return 'not_registered';
    case 'pending':
      return 'not_started';
    case 'started':
      return 'running';
    case 'completed':
      return 'ended';
    default:
      return status satisfies never;
  }
}

function pathTo(unit: UnitId, parents: ReadonlyMap<UnitId, UnitId | null>): UnitId[] {
  const path: UnitId[] = [];
  for (let step: UnitId | null = unit; step !== null; step = parents.get(step) ?? null) path.unshift(step);
  return path;
}
