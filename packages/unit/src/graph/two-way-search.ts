import { grow } from './grow.ts';
import type { OrderList } from './order-list.ts';

/** The neighbours of a node in one direction, edge by edge. */
export interface Adjacency {
  /** The first edge of a node, or -1. */
  first(node: number): number;
  /** The edge after this one, or -1. */
  next(edge: number): number;
  /** The node at the far end of an edge. */
  target(edge: number): number;
}

const NONE = -1;

/**
 * Decides whether an edge against the present order closes a circle, and repairs the order if not.
 *
 * Two searches take turns, one edge each: from the dependent along its dependents, from the dependency along its
 * dependencies, neither beyond the other's starting place in the order. If they meet there is a circle. Otherwise the one
 * that ends first has found everything that must move, and only that moves: the cost follows the smaller of the two
 * sides. After Haeupler, Kavitha, Mathew, Sen and Tarjan, "Incremental Cycle Detection, Topological Ordering, and Strong
 * Component Maintenance" (2012), over the labels of {@link OrderList}.
 */
export class TwoWaySearch {
  readonly #order: OrderList;
  readonly #up: Side;
  readonly #down: Side;

  constructor(order: OrderList, dependents: Adjacency, dependencies: Adjacency) {
    this.#order = order;
    this.#up = new Side(dependents);
    this.#down = new Side(dependencies);
  }

  /** @returns null, or the circle: the dependent, the dependency, …, the dependent. */
  reorder(dependent: number, dependency: number): number[] | null {
    const up = this.#up;
    const down = this.#down;
    const order = this.#order;
    up.begin(dependent);
    down.begin(dependency);
    for (;;) {
      if (!up.advance()) {
        order.moveAfter(up.sorted(order), dependency);
        return null;
      }
      if (down.has(up.reached)) return this.#circle(up.reached);
      if (order.isBefore(up.reached, dependency)) up.keep();
      if (!down.advance()) {
        order.moveBefore(down.sorted(order), dependent);
        return null;
      }
      if (up.has(down.reached)) return this.#circle(down.reached);
      if (order.isBefore(dependent, down.reached)) down.keep();
    }
  }

  #circle(meeting: number): number[] {
    const toDependency = this.#down.path(meeting);
    const toDependent = this.#up.path(meeting);
    return [toDependent.at(-1) as number, ...toDependency.reverse(), ...toDependent.slice(1)];
  }
}

/** One of the two searches: breadth first, one edge at a time, its memory kept from one search to the next. */
class Side {
  readonly #adjacency: Adjacency;
  #found: number[] = [];
  #scanned = 0;
  #edge = NONE;
  /** The far end of the edge that {@link advance} has followed. */
  reached = NONE;

  // A node belongs to the present search if its mark is the number of that search.
  #marks = new Int32Array(64);
  #parents = new Int32Array(64);
  #search = 0;

  constructor(adjacency: Adjacency) {
    this.#adjacency = adjacency;
  }

  begin(start: number): void {
    this.#search += 1;
    this.#found = [];
    this.#scanned = 0;
    this.#add(start, NONE);
    this.#edge = this.#adjacency.first(start);
  }

  has(node: number): boolean {
    return this.#marks[node] === this.#search;
  }

  /** Follows one more edge. False: there is none, everything within reach is found. */
  advance(): boolean {
    while (this.#edge === NONE) {
      this.#scanned += 1;
      if (this.#scanned === this.#found.length) return false;
      this.#edge = this.#adjacency.first(this.#found[this.#scanned] as number);
    }
    this.reached = this.#adjacency.target(this.#edge);
    this.#edge = this.#adjacency.next(this.#edge);
    return true;
  }

  /** Makes the node reached last part of the search, unless it is already. */
  keep(): void {
    if (!this.has(this.reached)) this.#add(this.reached, this.#found[this.#scanned] as number);
  }

  sorted(order: OrderList): number[] {
    return this.#found.sort((a, b) => order.compare(a, b));
  }

  /** From a node that this side reached, or has just reached, back to its start. */
  path(node: number): number[] {
    const path = [node];
    let parent = this.has(node) ? (this.#parents[node] as number) : (this.#found[this.#scanned] as number);
    while (parent !== NONE) {
      path.push(parent);
      parent = this.#parents[parent] as number;
    }
    return path;
  }

  #add(node: number, parent: number): void {
    this.#reserve(node + 1);
    this.#marks[node] = this.#search;
    this.#parents[node] = parent;
    this.#found.push(node);
  }

  #reserve(nodes: number): void {
    if (nodes <= this.#marks.length) return;
    const room = 2 ** Math.ceil(Math.log2(nodes));
    this.#marks = grow(this.#marks, Int32Array, room);
    this.#parents = grow(this.#parents, Int32Array, room);
  }
}
