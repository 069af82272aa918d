import { UnitManager } from '@muster/unit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { depend, refusal } from './support/units.ts';

/** Edges of a graph, and a search of all of it for every question: slow, and nothing to get wrong. */
class Edges {
  readonly #dependencies = new Map<string, Set<string>>();

  has(unit: string, dependsOn: string): boolean {
    return this.#dependencies.get(unit)?.has(dependsOn) === true;
  }

  add(unit: string, dependsOn: string): void {
    this.#dependencies.set(unit, (this.#dependencies.get(unit) ?? new Set()).add(dependsOn));
  }

  leads(from: string, to: string): boolean {
    const seen = new Set([from]);
    for (const unit of seen) for (const next of this.#dependencies.get(unit) ?? []) seen.add(next);
    return seen.has(to);
  }

  *[Symbol.iterator](): Generator<[string, string]> {
    for (const [unit, set] of this.#dependencies) for (const dependsOn of set) yield [unit, dependsOn];
  }
}

/** A circle begins and ends with the unit, goes by the refused edge first, and then by edges that are there. */
function expectCircle(path: readonly string[] | undefined, edges: Edges, [unit, dependsOn]: [string, string]): void {
  expect([path?.[0], path?.[1] ?? '', path?.at(-1)]).toEqual([unit, dependsOn, unit]);
  const rest = path?.slice(1) ?? [];
  expect(new Set(rest).size).toBe(rest.length);
  for (const [index, from] of rest.slice(0, -1).entries()) {
    expect(edges.has(from, rest[index + 1] ?? ''), `${from} → ${rest[index + 1]}`).toBe(true);
  }
}

/** Declares an edge between two units that need not be registered, and holds the answer against the edges so far. */
function declare(manager: UnitManager, edges: Edges, [unit, dependsOn]: [string, string]): void {
  if (manager.find(unit)?.status !== 'pending') manager.register(unit);
  if (!edges.leads(dependsOn, unit)) {
    depend(manager, unit, dependsOn);
    edges.add(unit, dependsOn);
    return;
  }
  const before = manager.seq;
  const { code, facts } = refusal(() => depend(manager, unit, dependsOn));
  expect(code).toBe('cycle');
  expectCircle(facts.path, edges, [unit, dependsOn]);
  expect(manager.seq).toBe(before);
}

/**
 * Long and narrow: most edges join two units close to each other, in any direction and any order, so that long pieces
 * have to pass each other; a few go against what is there on purpose.
 */
const declarations = fc.array(
  fc.record({ place: fc.nat({ max: 119 }), step: fc.integer({ min: 1, max: 6 }), against: fc.nat({ max: 5 }) }),
  { minLength: 150, maxLength: 500, size: 'max' },
);

test('in deep graphs declared in random order an edge is refused exactly when it closes a circle', () => {
  fc.assert(
    fc.property(declarations, fc.boolean(), (steps, registered) => {
      const manager = new UnitManager({ now: () => 0 });
      const edges = new Edges();
      if (registered) for (let place = 0; place < 126; place += 1) manager.register(String(place));
      for (const { place, step, against } of steps) {
        const ends = [String(place), String(place + step)] as const;
        declare(manager, edges, against === 0 ? [ends[0], ends[1]] : [ends[1], ends[0]]);
      }
      // Whatever order the manager keeps, it has to refuse the reverse of each edge.
      for (const [unit, dependsOn] of [...edges]) declare(manager, edges, [dependsOn, unit]);
    }),
    { numRuns: 150 },
  );
});
