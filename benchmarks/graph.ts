// What does it cost to register units, declare every dependency with its cycle check, and complete all units? The floor is one batch
// sort of the same graph. Call: node graph.ts [units…]
import type { UnitManager } from '@muster/unit';
import { sortInOneBatch } from './support/batch-sort.ts';
import { verdict } from './support/compare.ts';
import { type Graph, generator, SHAPES, type Shape } from './support/shapes.ts';
import { median, short, withQuartiles } from './support/statistics.ts';
import { printTable, type Row } from './support/table.ts';
import { build, completeAll } from './support/whole-graph.ts';

const asked = process.argv.slice(2).map(Number);
const SIZES = asked.length > 0 ? asked : [1000, 10_000, 100_000];

/** How often all sizes of a shape are measured, after once that does not count. */
const TURNS = 3;

/** Ratios to the floor at 100,000 units. */
const GOALS: Readonly<Partial<Record<Shape, number>>> = {
  'random, in order': 6,
  'random, in random order': 12,
  'deep, in random order': 25,
};

/** How much the time of one operation may grow from 10,000 units to 100,000. */
const GROWTH_GOAL = 1.5;

interface Round {
  readonly floor: number;
  readonly building: number;
  readonly completing: number;
}

function milliseconds(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

function measure(graph: Graph): Round {
  const floor = milliseconds(() => sortInOneBatch(graph));
  let manager: UnitManager | undefined;
  const building = milliseconds(() => {
    manager = build(graph);
  });
  const completing = milliseconds(() => {
    if (manager !== undefined) completeAll(manager, graph);
  });
  return { floor, building, completing };
}

/** Small graphs several times: they are over before the compiler has seen them. */
function measureOften(graph: Graph): readonly Round[] {
  return Array.from({ length: Math.max(1, Math.min(10, 30_000 / graph.names.length)) }, () => measure(graph));
}

/** The rounds of all sizes of a shape take turns, so that growth is not that of the machine's load. */
function measureShape(shape: Shape): readonly Row[] {
  const graphs = SIZES.map((units) => SHAPES[shape](units));
  const rounds = graphs.map((): Round[] => []);
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const [index, graph] of graphs.entries()) {
      const measured = measureOften(graph);
      if (turn > 0) rounds[index]?.push(...measured);
    }
  }
  let before: Each = { muster: Number.NaN, floor: Number.NaN };
  return graphs.map((graph, index) => {
    const row = rowOf(shape, graph, { rounds: rounds[index] ?? [], before });
    before = row.each;
    return row.cells;
  });
}

/** Nanoseconds of one operation. */
interface Each {
  readonly muster: number;
  readonly floor: number;
}

function rowOf(shape: Shape, graph: Graph, { rounds, before }: { rounds: readonly Round[]; before: Each }) {
  const units = graph.names.length;
  const operations = 2 * units + graph.from.length;
  const total = median(rounds.map(({ building, completing }) => building + completing));
  const ratios = rounds.map((round) => (round.building + round.completing) / round.floor);
  const floor = median(rounds.map((round) => round.floor));
  const each: Each = { muster: (total * 1e6) / operations, floor: (floor * 1e6) / operations };
  const growth = each.muster / before.muster;
  const cells = {
    shape,
    units,
    edges: graph.from.length,
    'floor ms': short(floor),
    'Muster ms': short(total),
    'ns an operation': short(each.muster),
    '× floor': withQuartiles(ratios),
    'growth from the row above': short(growth),
    'that of the floor': short(each.floor / before.floor),
    goal: units === 100_000 ? judge(GOALS[shape], { ratio: median(ratios), growth }) : '',
  };
  return { each, cells };
}

function judge(most: number | undefined, { ratio, growth }: { ratio: number; growth: number }): string {
  const slow = most === undefined ? '' : `≤ ${most} ×: ${verdict(ratio <= most, short(ratio))}; `;
  return `${slow}growth ≤ ${GROWTH_GOAL}: ${verdict(growth <= GROWTH_GOAL, short(growth))}`;
}

/**
 * Time per edge: those that were accepted, and those that close a circle, both once the compiler has seen them. The floor of a
 * refusal is an error that is thrown and caught, with nothing decided and nothing to say.
 */
function refusals(shape: Shape, units: number): Row {
  const graph = SHAPES[shape](units);
  const manager = build(graph);
  const random = generator(3);
  const sample = Array.from({ length: 2000 }, () => Math.floor(random() * graph.from.length));
  const declare = (from: number | undefined, to: number | undefined): void => {
    const dependsOn = graph.names[to ?? 0] ?? '';
    manager.addDependencies(graph.names[from ?? 0] ?? '', [{ dependsOn, requires: 'completed' }]);
  };
  const refused = warm(() => {
    for (const edge of sample) expectRefusal(() => declare(graph.to[edge], graph.from[edge]));
  });
  const thrown = warm(() => {
    for (const edge of sample) expectRefusal(() => throwBare(edge));
  });
  const last = graph.names.length - 1;
  const whole = milliseconds(() => {
    if (shape.startsWith('chain')) expectRefusal(() => declare(0, last));
  });
  const accepted = warm(() => build(graph));
  const us = { accepted: (accepted * 1000) / graph.from.length, refused: (refused * 1000) / sample.length };
  return {
    shape,
    units,
    'accepted µs': short(us.accepted),
    'refused µs': short(us.refused),
    'bare throw µs': short((thrown * 1000) / sample.length),
    ratio: short(us.refused / us.accepted),
    goal: `≤ 1: ${verdict(us.refused <= us.accepted, short(us.refused / us.accepted))}`,
    'closing the whole chain µs': shape.startsWith('chain') ? short(whole * 1000) : '',
  };
}

/** The median of a few times, after two that do not count. */
function warm(work: () => void): number {
  return median(Array.from({ length: 7 }, () => milliseconds(work)).slice(2));
}

function throwBare(edge: number): never {
  throw new Error(`no edge ${edge}`);
}

function expectRefusal(declare: () => void): void {
  try {
    declare();
  } catch {
    return; // A cycle, as wanted.
  }
  throw new Error('an edge that closes a circle was accepted');
}

const shapes = Object.keys(SHAPES) as Shape[]; // Object.keys forgets which keys there are.
printTable(`Register, declare one by one, complete (${TURNS} turns)`, shapes.flatMap(measureShape));
printTable(
  'An edge that is refused, beside one that is accepted (registration of its units included)',
  shapes.map((shape) => refusals(shape, 10_000)),
);
