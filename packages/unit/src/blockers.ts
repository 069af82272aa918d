import { compareNames } from './compare-names.ts';
import type { UnitId } from './id.ts';
import type { ManagerSnapshot, UnitSnapshot } from './snapshot.ts';
import { findCircles } from './wait-circles.ts';
import { append, WaitGraph, type WorkWait } from './wait-graph.ts';

/**
 * What stands at the end of a chain of waiting.
 *
 * - `running`: it has started; its end, or the next one, decides
 * - `not_started`: it could run, but nobody has started it
 * - `not_registered`: it is only a name; nobody has registered it
 * - `ended`: it has completed in a way that does not help; only another run of it can
 * - `circle`: it waits for itself, by way of the work of units that run; only the end of one of these waits can help
 */
export type Obstacle = 'running' | 'not_started' | 'not_registered' | 'ended' | 'circle';

/** A unit that itself waits for nothing, or in the end for itself, and that others wait for. */
export interface RootBlocker {
  readonly unit: UnitId;
  readonly obstacle: Obstacle;
  /** Since when it is so, in milliseconds since the epoch; `null` for a name that nobody has registered. */
  readonly since: number | null;
  /** Of a `circle` the whole of it, first and last the same: `a`, `b`, `a`. Otherwise empty. */
  readonly circle: readonly UnitId[];
}

/** A {@link RootBlocker} seen from one unit that waits for it. */
export interface BlockerOfUnit extends RootBlocker {
  /** The shortest way there: the unit asked about, what it waits for, …, the blocker. */
  readonly path: readonly UnitId[];
}

/** A {@link RootBlocker} with everything it holds up. */
export interface BlockerOfMany extends RootBlocker {
  /** The units that wait for it, directly or not, sorted by name; those of a `circle` among them. */
  readonly heldUp: readonly UnitId[];
}

/**
 * What a unit waits for in the end: every root, the nearest first, then by name. Empty if it waits for nothing.
 *
 * @param waits What the work of started units waits for, as far as that is known.
 */
export function blockersOf(snapshot: ManagerSnapshot, unit: string, waits: readonly WorkWait[] = []): BlockerOfUnit[] {
  const graph = new WaitGraph(snapshot, waits);
  if (!graph.units.has(unit)) return [];
  const circlesWith = circlesByUnit(graph);
  const parents = new Map<string, string | null>([[unit, null]]);
  const roots: BlockerOfUnit[] = [];
  const told = new Set<readonly string[]>();
  const tell = (name: string, circle?: readonly string[]): void =>
    void roots.push({ ...rootOf(graph, name, circle), path: pathTo(name, parents) });
  // A Map goes on to what is added while it is read, so this visits breadth first.
  for (const [visited] of parents) {
    const next = graph.waitsFor(visited);
    if (next.size === 0 && visited !== unit) tell(visited);
    const untold = (circlesWith.get(visited) ?? []).filter((circle) => !told.has(circle));
    for (const circle of untold) {
      told.add(circle);
      tell(visited, circle);
    }
    for (const name of next) if (!parents.has(name)) parents.set(name, visited);
  }
  return roots.sort((a, b) => a.path.length - b.path.length || compareNames(a.unit, b.unit));
}

/**
 * Everything that holds up others, the one with the most of them first.
 *
 * @param waits As of {@link blockersOf}.
 */
export function rankBlockers(snapshot: ManagerSnapshot, waits: readonly WorkWait[] = []): BlockerOfMany[] {
  const graph = new WaitGraph(snapshot, waits);
  const ends = [...graph.awaited()].filter((name) => graph.demandsOf(name).length === 0);
  const roots = ends.map((name) => ({ ...rootOf(graph, name), heldUp: heldUpBy(graph, [name]) }));
  const circles = findCircles(graph).map((circle) => {
    const heldUp = heldUpBy(graph, circle);
    return { ...rootOf(graph, circle[0] as string, circle), heldUp };
  });
  return [...roots, ...circles]
    .filter(({ heldUp }) => heldUp.length > 0)
    .sort((a, b) => b.heldUp.length - a.heldUp.length || compareNames(a.unit, b.unit));
}

function circlesByUnit(graph: WaitGraph): Map<string, (readonly string[])[]> {
  const circles = new Map<string, (readonly string[])[]>();
  for (const circle of findCircles(graph)) for (const name of new Set(circle)) append(circles, name, circle);
  return circles;
}

/** Everybody who waits for one of these names, directly or not. */
function heldUpBy(graph: WaitGraph, names: readonly string[]): UnitId[] {
  const reached = new Set<string>(names);
  const heldUp = new Set<string>();
  for (const visited of reached) {
    for (const unit of graph.heldUpBy(visited)) {
      heldUp.add(unit);
      reached.add(unit);
    }
  }
  return ([...heldUp] as UnitId[]).sort(compareNames); // Only units wait.
}

function rootOf(graph: WaitGraph, name: string, circle: readonly string[] = []): RootBlocker {
  const { status = null, changedAt = null } = graph.units.get(name) ?? {};
  const unit = name as UnitId; // Who is awaited is a unit, or a name that whoever waits has checked.
  if (circle.length === 0) return { unit, obstacle: obstacleOf(status), since: changedAt, circle: [] };
  return { unit, obstacle: 'circle', since: changedAt, circle: beginningWith(name, circle) as UnitId[] };
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

/** The circle as seen from one of its units. */
function beginningWith(name: string, circle: readonly string[]): string[] {
  const units = circle.slice(1);
  const at = units.indexOf(name);
  return [name, ...units.slice(at + 1), ...units.slice(0, at + 1)];
}

function pathTo(unit: string, parents: ReadonlyMap<string, string | null>): UnitId[] {
  const path: string[] = [];
  for (let step: string | null = unit; step !== null; step = parents.get(step) ?? null) path.push(step);
  return path.reverse() as UnitId[]; // As of the roots.
}
