import { compareNames } from './compare-names.ts';
import { append, type Demand, type WaitGraph } from './wait-graph.ts';

/**
 * Units that wait for each other, so that none of them ever goes on unless one of their waits is given up: `a`, `b`, `a`.
 * Dependencies alone make no circle; the waits of running work can close one. Each begins with its first name in order.
 */
export function findCircles(graph: WaitGraph): string[][] {
  if (!graph.hasWorkWaits) return [];
  const next = nextOfStuck(graph);
  const circles: string[][] = [];
  const seen = new Set<string>();
  for (const start of next.keys()) {
    const walk = new Set<string>();
    let name = start;
    for (; !seen.has(name); name = next.get(name) ?? name) {
      seen.add(name);
      walk.add(name);
    }
    if (walk.has(name)) circles.push(fromFirstName([...walk].slice([...walk].indexOf(name))));
  }
  return circles.sort(([a = ''], [b = '']) => compareNames(a, b));
}

/** For everybody who can't be released by any end of what runs or may yet run: somebody in the same case whom it waits for. */
function nextOfStuck(graph: WaitGraph): Map<string, string> {
  const unmet = countUnmet(graph);
  const isStuck = (name: string): boolean => (unmet.get(name) ?? 0) > 0;
  const stuck = [...unmet.keys()].filter(isStuck);
  return new Map(stuck.map((name) => [name, [...graph.waitsFor(name)].find(isStuck) ?? name]));
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

function fromFirstName(circle: readonly string[]): string[] {
  const first = circle.reduce((least, name) => (compareNames(name, least) < 0 ? name : least));
  const at = circle.indexOf(first);
  return [...circle.slice(at), ...circle.slice(0, at), first];
}
