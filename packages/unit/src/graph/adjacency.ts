import { grow } from './grow.ts';

/** No edge, or no node. */
export const NONE = -1;

/**
 * The edges of every node in one direction: linked lists in columns, one or several for each node.
 *
 * The lists of node `n` are `n * width` to `(n + 1) * width - 1`.
 */
export class Adjacency {
  /** How many lists a node has. */
  readonly width: number;
  #head: Int32Array;
  #tail: Int32Array;
  #degree = new Int32Array(64);
  #next = new Int32Array(64);
  #previous = new Int32Array(64);
  #target = new Int32Array(64);

  constructor(width: number) {
    this.width = width;
    this.#head = new Int32Array(64 * width).fill(NONE);
    this.#tail = new Int32Array(64 * width).fill(NONE);
  }

  /** The first edge of a list, or {@link NONE}: `for (let e = first(list); e !== NONE; e = next(e))`. */
  first(list: number): number {
    return this.#head[list] as number;
  }

  next(edge: number): number {
    return this.#next[edge] as number;
  }

  /** The node at the far end of an edge. */
  target(edge: number): number {
    return this.#target[edge] as number;
  }

  /** How many edges the lists of a node have together. */
  degree(node: number): number {
    return this.#degree[node] as number;
  }

  /** Makes room for a node; without edges, it needs no more than that. */
  reserveNode(node: number): void {
    if (node < this.#degree.length) return;
    const lists = this.#head.length;
    this.#degree = grow(this.#degree, Int32Array);
    this.#head = grow(this.#head, Int32Array).fill(NONE, lists);
    this.#tail = grow(this.#tail, Int32Array).fill(NONE, lists);
  }

  /** Puts a new edge behind the others of its list. */
  add(edge: number, list: number, target: number): void {
    if (edge >= this.#target.length) {
      this.#next = grow(this.#next, Int32Array);
      this.#previous = grow(this.#previous, Int32Array);
      this.#target = grow(this.#target, Int32Array);
    }
    this.#target[edge] = target;
    const node = this.width === 1 ? list : Math.floor(list / this.width);
    this.#degree[node] = (this.#degree[node] as number) + 1;
    this.#append(edge, list);
  }

  /** Takes an edge from one list of a node and puts it behind the others of another one. */
  move(edge: number, from: number, to: number): void {
    const next = this.next(edge);
    const previous = this.#previous[edge] as number;
    if (previous === NONE) this.#head[from] = next;
    else this.#next[previous] = next;
    if (next === NONE) this.#tail[from] = previous;
    else this.#previous[next] = previous;
    this.#append(edge, to);
  }

  #append(edge: number, list: number): void {
    const last = this.#tail[list] as number;
    this.#next[edge] = NONE;
    this.#previous[edge] = last;
    this.#tail[list] = edge;
    if (last === NONE) this.#head[list] = edge;
    else this.#next[last] = edge;
  }
}
