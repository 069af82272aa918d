import type { Graph } from './shapes.ts';

/**
 * The floor of every question about the graph: names to numbers, edges into compressed rows, one pass of Kahn's algorithm. It
 * sees all edges at once and answers nothing edge by edge.
 *
 * @returns how many units the order has, so that nothing of it can be left out by the compiler.
 */
export function sortInOneBatch(graph: Graph): number {
  const { names, registration, from, to } = graph;
  const numbers = new Map<string, number>();
  for (const unit of registration) numbers.set(names[unit] ?? '', numbers.size);
  const numberOf = (unit: number): number => numbers.get(names[unit] ?? '') ?? 0;
  return passThrough(rowsOf(from.map(numberOf), to.map(numberOf), names.length), names.length);
}

interface Rows {
  /** Where the dependents of each unit begin in `dependents`. */
  readonly starts: Int32Array;
  readonly dependents: Int32Array;
  /** How many dependencies of each unit are not done. */
  readonly unmet: Int32Array;
}

function rowsOf(from: Int32Array, to: Int32Array, units: number): Rows {
  const starts = new Int32Array(units + 1);
  const unmet = new Int32Array(units);
  for (let edge = 0; edge < from.length; edge += 1) {
    increment(starts, (to[edge] ?? 0) + 1);
    increment(unmet, from[edge] ?? 0);
  }
  for (let unit = 0; unit < units; unit += 1) starts[unit + 1] = (starts[unit + 1] ?? 0) + (starts[unit] ?? 0);
  const next = starts.slice();
  const dependents = new Int32Array(from.length);
  for (let edge = 0; edge < from.length; edge += 1) dependents[increment(next, to[edge] ?? 0)] = from[edge] ?? 0;
  return { starts, dependents, unmet };
}

/** @returns the number before. */
function increment(counts: Int32Array, index: number): number {
  const before = counts[index] ?? 0;
  counts[index] = before + 1;
  return before;
}

function passThrough({ starts, dependents, unmet }: Rows, units: number): number {
  const queue = new Int32Array(units);
  let size = 0;
  for (let unit = 0; unit < units; unit += 1) if (unmet[unit] === 0) queue[size++] = unit;
  for (let head = 0; head < size; head += 1) {
    const unit = queue[head] ?? 0;
    const end = starts[unit + 1] ?? 0;
    for (let place = starts[unit] ?? 0; place < end; place += 1) {
      const dependent = dependents[place] ?? 0;
      const left = (unmet[dependent] ?? 0) - 1;
      unmet[dependent] = left;
      if (left === 0) queue[size++] = dependent;
    }
  }
  return size;
}
