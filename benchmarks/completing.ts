// What does the completion of one unit cost when few of those around it are released? Upstream recounts all dependencies of each
// dependent: 210,000 ns at 10,000.
import { UnitManager } from '@muster/unit';
import { verdict } from './support/compare.ts';
import { median, short } from './support/statistics.ts';
import { printTable, type Row } from './support/table.ts';

const SIZES = [10, 100, 1000, 10_000];

function name(kind: string, index: number): string {
  return `${kind}-${index}`;
}

/** How many units are completed for one figure, whatever the size: so only the number of dependencies differs. */
const COMPLETIONS = 10_000;

/** The mean of completing dependencies that are one of `size` of their dependent, whom they don't release, but for the last. */
function oneOfManyDependencies(size: number): number {
  const manager = new UnitManager({ now: () => 0 });
  for (let index = 0; index < COMPLETIONS; index += 1) manager.register(name('source', index));
  for (let begin = 0; begin < COMPLETIONS; begin += size) {
    const sink = name('sink', begin);
    manager.register(sink);
    const dependencies = Array.from({ length: size }, (_, index) => ({
      dependsOn: name('source', begin + index),
      requires: 'completed' as const,
    }));
    manager.addDependencies(sink, dependencies);
  }
  return nanosecondsOfEach(COMPLETIONS, (index) => void manager.complete(name('source', index)));
}

/** A hub with `size` dependents, of which its completion releases one: the others wait for something else as well. */
function oneOfManyDependents(size: number): number {
  const rounds = Math.max(20, Math.min(500, 100_000 / size));
  const times = Array.from({ length: rounds }, () => {
    const manager = new UnitManager({ now: () => 0 });
    manager.register('hub');
    manager.register('never');
    for (let index = 0; index < size; index += 1) {
      const unit = name('dependent', index);
      manager.register(unit);
      const on = index === 0 ? ['hub'] : ['hub', 'never'];
      manager.addDependencies(
        unit,
        on.map((dependsOn) => ({ dependsOn, requires: 'completed' as const })),
      );
    }
    const before = performance.now();
    manager.complete('hub');
    return (performance.now() - before) * 1e6;
  });
  return median(times);
}

function nanosecondsOfEach(count: number, work: (index: number) => void): number {
  const before = performance.now();
  for (let index = 0; index < count; index += 1) work(index);
  return ((performance.now() - before) * 1e6) / count;
}

function growth(values: readonly number[]): number {
  return (values.at(-1) ?? Number.NaN) / (values[1] ?? Number.NaN);
}

/** The sizes take turns, and the first turns do not count. */
const turns = Array.from({ length: 14 }, () => SIZES.map(oneOfManyDependencies)).slice(3);
const inward = SIZES.map((_, index) => median(turns.map((turn) => turn[index] ?? Number.NaN)));
const outward = SIZES.map(oneOfManyDependents);
const rows: Row[] = SIZES.map((size, index) => ({
  size,
  'one of that many dependencies, ns': short(inward[index] ?? Number.NaN),
  'a unit with that many dependents, one released, ns': short(outward[index] ?? Number.NaN),
  'ns a dependent': short((outward[index] ?? Number.NaN) / size),
}));
printTable('Completing one unit', rows);

/** The words of the goal fit both cases. The first is the one in which a manager that recounts takes 210,000 ns. */
const cases = { 'one of that many dependencies': inward, 'one of that many dependents released': outward };
printTable(
  'Growth of one completion, from 100 to 10,000',
  Object.entries(cases).map(([who, values]): Row => {
    const factor = short(growth(values));
    return { who, growth: factor, goal: `≤ 1.5: ${verdict(growth(values) <= 1.5, factor)}` };
  }),
);
