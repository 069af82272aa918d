import { NONE } from './adjacency.ts';
import { grow } from './grow.ts';

/** Nodes waiting for their turn, the one with the smallest key first: a binary heap. */
export class NodeQueue {
  #nodes = new Int32Array(64);
  #keys = new Float64Array(64);
  #size = 0;

  clear(): void {
    this.#size = 0;
  }

  push(node: number, key: number): void {
    if (this.#size === this.#nodes.length) {
      this.#nodes = grow(this.#nodes, Int32Array);
      this.#keys = grow(this.#keys, Float64Array);
    }
    let place = this.#size;
    this.#size += 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((this.#keys[parent] as number) <= key) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#put(node, key, place);
  }

  /** Takes out the node with the smallest key; {@link NONE} if there is none. */
  pop(): number {
    if (this.#size === 0) return NONE;
    const first = this.#nodes[0] as number;
    this.#size -= 1;
    if (this.#size > 0) this.#sink(this.#nodes[this.#size] as number, this.#keys[this.#size] as number);
    return first;
  }

  /** Puts a node where it belongs, from the empty top downwards. */
  #sink(node: number, key: number): void {
    let place = 0;
    for (let child = 1; child < this.#size; child = 2 * place + 1) {
      const other = child + 1;
      if (other < this.#size && (this.#keys[other] as number) < (this.#keys[child] as number)) child = other;
      if (key <= (this.#keys[child] as number)) break;
      this.#move(child, place);
      place = child;
    }
    this.#put(node, key, place);
  }

  #move(from: number, to: number): void {
    this.#put(this.#nodes[from] as number, this.#keys[from] as number, to);
  }

  #put(node: number, key: number, place: number): void {
    this.#nodes[place] = node;
    this.#keys[place] = key;
  }
}
