import { compareNames } from './compare-names.ts';
import { strongComponents } from './graph/strong-components.ts';
import { append, type Demand, type WaitGraph } from './wait-graph.ts';

/**
 * Units that wait for each other, or one for itself, so that none of them goes on unless one of their waits is given up: `a`, `b`,
 * `a`. Dependencies alone make no circle; the waits of running work can close one. Each begins with its first name in order.
 * Of units that wait for each other in several ways, one of the shortest is told; what waits for itself always is.
 */
export function findCircles(graph: WaitGraph): string[][] {
  if (!graph.hasWorkWaits) return [];
  const next = stuckNeighbours(graph);
  const ofThemselves = [...next].filter(([name, names]) => names.includes(name)).map(([name]) => [name, name]);
  const ofSeveral = strongComponents(next.keys(), (name) => next.get(name) ?? [])
    .filter((component) => component.length > 1)
    .map((component) => shortestCircle(firstOf(component), next));
  return [...ofThemselves, ...ofSeveral].sort(([a = ''], [b = '']) => compareNames(a, b));
}

/** For everybody who can't be released by any end of what runs or may yet run: those in the same case whom it waits for. */
function stuckNeighbours(graph: WaitGraph): Map<string, string[]> {
  const unmet = countUnmet(graph);
  const isStuck = (name: string): boolean => (unmet.get(name) ?? 0) > 0;
  const stuck = [...unmet.keys()].filter(isStuck);
  return new Map(stuck.map((name) => [name, [...graph.waitsFor(name)].filter(isStuck)]));
}

/** From a name that others lead back to: breadth first until they do. */
function shortestCircle(start: string, next: ReadonlyMap<string, readonly string[]>): string[] {
  const parents = new Map<string, string>();
  const queue = [start];
  for (const visited of queue) {
    for (const name of next.get(visited) ?? []) {
      if (name === start && visited !== start) return [...wayTo(visited, start, parents), start];
      if (name === start || parents.has(name)) continue;
      parents.set(name, visited);
      queue.push(name);
    }
  }
  throw new Error(`no way leads from ${start} back to it`);
}

function wayTo(end: string, start: string, parents: ReadonlyMap<string, string>): string[] {
  const way = [end];
  for (let step = end; step !== start; ) {
    step = parents.get(step) ?? start;
    way.push(step);
  }
  return way.reverse();
}

function firstOf(names: readonly string[]): string {
  return names.reduce((least, name) => (compareNames(name, least) < 0 ? name : least));
}

interface Open {
  readonly owner: string;
  isMet: boolean;
}

/** How many demands of everybody stay unmet when all go on who can, again and again. */
function countUnmet(graph: WaitGraph): Map<string, number> {
  const unmet = new Map<string, number>();
  const waiting = new Map<string, Open[]>();
  const free: string[] = [];
  for (const owner of everybody(graph)) {
    const demands = graph.demandsOf(owner);
    unmet.set(owner, demands.length);
    if (demands.length === 0) free.push(owner);
    for (const demand of demands) join(waiting, demand, { owner, isMet: false });
  }
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    for (const demand of (waiting.get(name) ?? []).filter(({ isMet }) => !isMet)) {
      demand.isMet = true;
      const left = (unmet.get(demand.owner) ?? 0) - 1;
      unmet.set(demand.owner, left);
      if (left === 0) free.push(demand.owner);
    }
  }
  return unmet;
}

function join(waiting: Map<string, Open[]>, demand: Demand, open: Open): void {
  for (const name of new Set(demand)) append(waiting, name, open);
}

function everybody(graph: WaitGraph): ReadonlySet<string> {
  return new Set([...graph.units.keys(), ...graph.awaited()]);
}
