// What does it cost to declare every dependency with its cycle check in other ways: in libraries from npm, and as upstream does it?
// The floor is one batch sort of the same graph. A contender that takes too long is cut, and its figure is that of the edges it came
// to, which are the cheapest ones, since the graph is small then. Call: node graph-peers.ts [units]
import { type GraphLibrary, type GrowingGraph, graphLibraries } from './peers/graph-libraries.ts';
import { UpstreamModel } from './peers/upstream-model.ts';
import { sortInOneBatch } from './support/batch-sort.ts';
import { type Contender, compare } from './support/compare.ts';
import { NpmPeers } from './support/npm-peers.ts';
import { type Graph, SHAPES, type Shape } from './support/shapes.ts';
import { short } from './support/statistics.ts';
import { printTable, type Row } from './support/table.ts';
import { build, completeAll } from './support/whole-graph.ts';

const UNITS = Number(process.argv[2] ?? 1000);
const LONG_CHAIN = 10_000;
const ROUNDS = 5;

/** One graph may take this long … */
const CUT_MS = 300;

/** … and is built again until this much time is spent: a short one is over before the clock has seen it. */
const ENOUGH_MS = 20;

const SHAPES_ASKED: readonly Shape[] = [
  'chain, forward',
  'chain, reverse',
  'fan-in',
  'random, in order',
  'random, in random order',
  'deep, in random order',
];

/** Nanoseconds an edge. @param work Does it once, and tells how many edges it came to. */
function each(work: () => number): number {
  const begun = performance.now();
  let edges = 0;
  do edges += work();
  while (performance.now() - begun < ENOUGH_MS);
  return ((performance.now() - begun) * 1e6) / edges;
}

/** @returns how many edges were declared when the time was over. */
function declareAll(graph: Graph, target: GrowingGraph): number {
  const { names, registration, from, to } = graph;
  const begun = performance.now();
  for (const unit of registration) target.addUnit(names[unit] ?? '');
  for (let edge = 0; edge < from.length; edge += 1) {
    if (edge % 16 === 0 && performance.now() - begun > CUT_MS) return edge;
    target.addChecked(names[from[edge] ?? 0] ?? '', names[to[edge] ?? 0] ?? '');
  }
  return from.length;
}

const npm = NpmPeers.install();
const libraries: ReadonlyMap<string, () => GraphLibrary> = npm === null ? new Map() : graphLibraries(npm);
const MODEL = 'model of upstream';

for (const [name, create] of [...libraries, [MODEL, () => new UpstreamModel()] as const]) {
  const graph: GrowingGraph = create();
  for (const unit of ['a', 'b', 'c']) graph.addUnit(unit);
  graph.addChecked('a', 'b');
  graph.addChecked('b', 'c');
  expectRefusal(name, () => graph.addChecked('c', 'a'));
}

function expectRefusal(name: string, close: () => void): void {
  try {
    close();
  } catch {
    return; // A cycle, as wanted.
  }
  throw new Error(`${name} accepts a cycle, so its figures would mean nothing`);
}

async function compareDeclaring(shape: Shape): Promise<void> {
  const graph = SHAPES[shape](UNITS);
  const edges = graph.from.length;
  const whole = (work: (graph: Graph) => unknown): number => {
    work(graph);
    return edges;
  };
  const reached = new Map<string, number>();
  const growing = (name: string, create: () => GrowingGraph): Contender => ({
    name,
    measure: () =>
      each(() => {
        const done = declareAll(graph, create());
        reached.set(name, done);
        return done;
      }),
  });
  await compare({
    title: `${UNITS} units, ${edges} edges declared one by one with their check, ${shape}`,
    unit: 'ns an edge',
    rounds: ROUNDS,
    contenders: [
      { name: 'batch sort', measure: () => each(() => whole(sortInOneBatch)) },
      { name: 'Muster', measure: () => each(() => whole(build)) },
      growing(MODEL, () => new UpstreamModel()),
      ...[...libraries].map(([name, create]) => growing(name, create)),
    ],
  });
  const cut = [...reached].filter(([, done]) => done < edges);
  const shares = cut.map(([name, done]) => `${name} (at ${short((100 * done) / edges)} % of the edges)`);
  if (cut.length > 0) console.log(`\nCut after ${CUT_MS} ms: ${shares.join(', ')}.`);
}

/** Both hold a graph that was built before the clock starts. */
async function compareCompleting(shape: Shape, units: number): Promise<void> {
  const graph = SHAPES[shape](units);
  const timed = (prepare: () => () => void): number => {
    const complete = prepare();
    const before = performance.now();
    complete();
    return ((performance.now() - before) * 1e6) / units;
  };
  await compare({
    title: `${units} units completed in order, ${shape}`,
    unit: 'ns a unit',
    rounds: 3 * ROUNDS,
    contenders: [
      { name: 'batch sort', measure: () => timed(() => () => sortInOneBatch(graph)) },
      {
        name: 'Muster',
        measure: () =>
          timed(() => {
            const manager = build(graph);
            return () => completeAll(manager, graph);
          }),
      },
      {
        name: MODEL,
        measure: () =>
          timed(() => {
            const model = new UpstreamModel();
            declareAll(graph, model);
            return () => {
              for (const name of graph.names) model.complete(name);
            };
          }),
      },
    ],
  });
}

/** What a sort that calls itself makes of a chain. Muster declares with its check, and completes in place of sorting. */
function sortedChains(): readonly Row[] {
  const orders = [SHAPES['chain, forward'](LONG_CHAIN), SHAPES['chain, reverse'](LONG_CHAIN)];
  const rowOf = (who: string, prepare: (graph: Graph) => () => number): Row => {
    const [forward = '', reverse = ''] = orders.map((graph) => outcomeOf(prepare(graph)));
    return { who, 'forward, ms': forward, 'reverse, ms': reverse };
  };
  return [
    rowOf('Muster', (graph) => {
      const manager = build(graph);
      return () => {
        completeAll(manager, graph);
        return LONG_CHAIN;
      };
    }),
    ...[...libraries].map(([who, create]) => rowOf(who, (graph) => sortOf(create(), graph))),
  ];
}

function sortOf(library: GraphLibrary, { names, registration, from, to }: Graph): () => number {
  for (const unit of registration) library.addUnit(names[unit] ?? '');
  for (let edge = 0; edge < from.length; edge += 1) {
    library.add(names[from[edge] ?? 0] ?? '', names[to[edge] ?? 0] ?? '');
  }
  return () => library.sort();
}

function outcomeOf(sort: () => number): string {
  const before = performance.now();
  try {
    const count = sort();
    const after = performance.now();
    return count === LONG_CHAIN ? short(after - before) : `${count} of ${LONG_CHAIN} units`;
  } catch (error) {
    return error instanceof RangeError ? `none: ${error.message}` : `none: ${error}`;
  }
}

for (const shape of SHAPES_ASKED) await compareDeclaring(shape);
await compareCompleting('random, in order', UNITS);
await compareCompleting('fan-in', UNITS);
await compareCompleting('fan-in', 10 * UNITS);
printTable(`A chain of ${LONG_CHAIN} units, declared without a check and sorted once`, sortedChains());
