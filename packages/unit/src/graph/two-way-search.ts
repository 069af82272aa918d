import { type Adjacency, NONE } from './adjacency.ts';
import { grow } from './grow.ts';
import { NodeQueue } from './node-queue.ts';
import type { OrderList } from './order-list.ts';

/**
 * Decides whether an edge against the present order closes a circle, and repairs the order if not.
 *
 * Two searches take turns, one edge each: from the dependent along its dependents, upwards in the order, and from the
 * dependency along its dependencies, downwards. Each takes its nodes in the order itself, so there is no circle once the
 * two have passed each other without having met, or once one has nothing left. Only what they have dealt with by then
 * moves, which in deep graphs is far less than all that lies between the two ends.
 *
 * This is the vertex-guided two-way search of Haeupler, Kavitha, Mathew, Sen and Tarjan, "Incremental Cycle Detection,
 * Topological Ordering, and Strong Component Maintenance" (2012), over the labels of {@link OrderList}.
 */
export class TwoWaySearch {
  readonly #order: OrderList;
  readonly #up: Side;
  readonly #down: Side;

  constructor(order: OrderList, dependents: Adjacency, dependencies: Adjacency) {
    this.#order = order;
    this.#up = new Side(dependents, (node) => order.labelOf(node));
    this.#down = new Side(dependencies, (node) => -order.labelOf(node));
  }

  /** @returns null, or the circle: the dependent, the dependency, …, the dependent. */
  reorder(dependent: number, dependency: number): number[] | null {
    const up = this.#up;
    const down = this.#down;
    const order = this.#order;
    up.begin(dependent);
    down.begin(dependency);
    while (up.advance() && down.advance() && order.isBefore(up.node, down.node)) {
      const above = up.follow();
      if (down.has(above)) return this.#circle(above);
      if (order.isBefore(above, dependency)) up.keep(above);
      const below = down.follow();
      if (up.has(below)) return this.#circle(below);
      if (order.isBefore(dependent, below)) down.keep(below);
    }
    this.#move(dependency);
    return null;
  }

  /** Moves what was found below `dependency` behind what was found above it, as far as the searches have come. */
  #move(dependency: number): void {
    const { node: limit, done: dependents } = this.#up;
    if (limit === NONE) {
      this.#order.moveAfter(dependents, dependency);
      return;
    }
    const dependencies = this.#down.done.filter((node) => this.#order.isBefore(limit, node)).reverse();
    this.#order.moveBefore([...dependencies, ...dependents], limit);
  }

  #circle(meeting: number): number[] {
    const toDependency = this.#down.path(meeting);
    const toDependent = this.#up.path(meeting);
    return [toDependent.at(-1) as number, ...toDependency.reverse(), ...toDependent.slice(1)];
  }
}

/** One of the two searches, its memory kept from one search to the next. */
class Side {
  readonly #adjacency: Adjacency;
  readonly #keyOf: (node: number) => number;
  readonly #queue = new NodeQueue();
  /** The node whose edges are being followed; {@link NONE} when there is none left. */
  node = NONE;
  /** The nodes before that one, in the order of their keys: all their edges have been followed. */
  done: number[] = [];
  #edge = NONE;
  #list = 0;

  // A node belongs to the present search if its mark is the number of that search.
  #marks = new Int32Array(64);
  #parents = new Int32Array(64);
  #search = 0;

  constructor(adjacency: Adjacency, keyOf: (node: number) => number) {
    this.#adjacency = adjacency;
    this.#keyOf = keyOf;
  }

  begin(start: number): void {
    this.#search += 1;
    this.#queue.clear();
    this.done = [];
    this.#mark(start, NONE);
    this.#enter(start);
  }

  has(node: number): boolean {
    return this.#marks[node] === this.#search;
  }

  /** Goes on to the next node as long as the present one has no edge left. False: there is none. */
  advance(): boolean {
    while (this.#edge === NONE) {
      this.#list += 1;
      if (this.#list < (this.node + 1) * this.#adjacency.width) {
        this.#edge = this.#adjacency.first(this.#list);
        continue;
      }
      this.done.push(this.node);
      const next = this.#queue.pop();
      if (next === NONE) {
        this.node = NONE;
        return false;
      }
      this.#enter(next);
    }
    return true;
  }

  /** Follows the next edge of the present node, which {@link advance} has found. */
  follow(): number {
    const edge = this.#edge;
    this.#edge = this.#adjacency.next(edge);
    return this.#adjacency.target(edge);
  }

  /** Makes the far end of the edge followed last part of the search, unless it is already. */
  keep(node: number): void {
    if (this.has(node)) return;
    this.#mark(node, this.node);
    this.#queue.push(node, this.#keyOf(node));
  }

  /** From a node that this side reached, or has just reached, back to its start. */
  path(node: number): number[] {
    const path = [node];
    let parent = this.has(node) ? (this.#parents[node] as number) : this.node;
    while (parent !== NONE) {
      path.push(parent);
      parent = this.#parents[parent] as number;
    }
    return path;
  }

  #enter(node: number): void {
    this.node = node;
    this.#list = node * this.#adjacency.width;
    this.#edge = this.#adjacency.first(this.#list);
  }

  #mark(node: number, parent: number): void {
    this.#reserve(node + 1);
    this.#marks[node] = this.#search;
    this.#parents[node] = parent;
  }

  #reserve(nodes: number): void {
    if (nodes <= this.#marks.length) return;
    const room = 2 ** Math.ceil(Math.log2(nodes));
    this.#marks = grow(this.#marks, Int32Array, room);
    this.#parents = grow(this.#parents, Int32Array, room);
  }
}
