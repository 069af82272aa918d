/**
 * A graph to measure. Numbers stand for units: a unit has the name `names[number]`, and depends only on smaller numbers, so that
 * all can complete from 0 on.
 */
export interface Graph {
  readonly names: readonly string[];
  /** The numbers of the units in the order in which they are registered. */
  readonly registration: Int32Array;
  /** Edges in the order in which they are declared: the dependent … */
  readonly from: Int32Array;
  /** … and what it depends on. */
  readonly to: Int32Array;
}

/** How many dependencies a unit of a random graph has. */
const DEGREE = 4;

/** How far back a unit of the deep shape looks for its dependencies. */
const WINDOW = 64;

/** Units in a layer; each depends on all units of the layer before. */
const LAYER = 8;

type Dependencies = (unit: number, random: Random) => readonly number[];

const chain: Dependencies = (unit) => (unit === 0 ? [] : [unit - 1]);
const anywhere: Dependencies = (unit, random) => pick(unit, unit, random);
const nearby: Dependencies = (unit, random) => pick(unit, WINDOW, random);

/** The shapes by name. */
export const SHAPES = {
  'chain, forward': (units: number) => graphOf(units, chain),
  'chain, reverse': (units: number) => reversed(graphOf(units, chain)),
  'fan-in': (units: number) => graphOf(units, (unit) => (unit === units - 1 ? range(0, unit) : [])),
  'fan-out': (units: number) => graphOf(units, (unit) => (unit === 0 ? [] : [0])),
  layered: (units: number) => graphOf(units, previousLayer),
  'random, in order': (units: number) => graphOf(units, anywhere),
  'random, in random order': (units: number) => shuffled(graphOf(units, anywhere)),
  'deep, in random order': (units: number) => shuffled(graphOf(units, nearby)),
} as const satisfies Record<string, (units: number) => Graph>;

export type Shape = keyof typeof SHAPES;

function graphOf(units: number, dependenciesOf: Dependencies): Graph {
  const random = generator(1);
  const from: number[] = [];
  const to: number[] = [];
  for (let unit = 0; unit < units; unit += 1) {
    for (const dependency of dependenciesOf(unit, random)) {
      from.push(unit);
      to.push(dependency);
    }
  }
  const names = Array.from({ length: units }, (_, unit) => `unit-${unit}`);
  return { names, registration: Int32Array.from(names.keys()), from: Int32Array.from(from), to: Int32Array.from(to) };
}

function range(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

function previousLayer(unit: number): readonly number[] {
  const start = Math.floor(unit / LAYER) * LAYER;
  return start === 0 ? [] : range(start - LAYER, start);
}

function pick(unit: number, window: number, random: Random): readonly number[] {
  const reach = Math.min(unit, window);
  const chosen = Array.from({ length: Math.min(DEGREE, reach) }, () => unit - 1 - Math.floor(random() * reach));
  return [...new Set(chosen)];
}

function reversed({ names, registration, from, to }: Graph): Graph {
  return { names, registration: registration.toReversed(), from: from.toReversed(), to: to.toReversed() };
}

function shuffled({ names, registration, from, to }: Graph): Graph {
  const random = generator(2);
  const edges = shuffle(Int32Array.from(from.keys()), random);
  return {
    names,
    registration: shuffle(registration.slice(), random),
    from: edges.map((edge) => from[edge] ?? 0),
    to: edges.map((edge) => to[edge] ?? 0),
  };
}

/** Fisher and Yates, in place. */
function shuffle(items: Int32Array<ArrayBuffer>, random: Random): Int32Array<ArrayBuffer> {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const item = items[last] ?? 0;
    items[last] = items[other] ?? 0;
    items[other] = item;
  }
  return items;
}

/** Gives numbers from 0 up to 1. */
export type Random = () => number;

/** mulberry32: the same numbers in every round and on every machine. */
export function generator(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
