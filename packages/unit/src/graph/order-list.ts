import { grow } from './grow.ts';

/** Labels are whole numbers below this; a float holds them exactly. */
const LABEL_SPACE = 2 ** 52;

/** The room left behind an appended item, so that most later insertions find a free label at once. */
const APPEND_GAP = 2 ** 32;

/**
 * How much emptier each doubled range must be before it is chosen for new labels: larger spreads wider and less often.
 * Any value between 1 and 2 is correct; 1.4 has room for 10^8 items in {@link LABEL_SPACE}.
 */
const OVERFLOW = 1.4;

const SENTINEL = 0;

/**
 * A total order of the items 0, 1, 2, … in which any two are compared in O(1) and an item is moved in O(log n), amortised.
 *
 * It is the list labelling of Bender, Cole, Demaine, Farach-Colton and Zito, "Two Simplified Algorithms for Maintaining
 * Order in a List" (2002): a linked list with growing labels, in which a crowded range gets new labels, evenly spread.
 */
export class OrderList {
  // Slot 0 is the sentinel before the first and after the last item; item i lives in slot i + 1.
  #next = new Int32Array(64);
  #previous = new Int32Array(64);
  #labels = new Float64Array(64);
  #size = 0;

  /** Adds the next item, number `size`, at the end. */
  append(): number {
    const item = this.#size;
    this.#size += 1;
    this.#reserve(this.#size + 1);
    const last = this.#previous[SENTINEL] as number;
    const label = (this.#labels[last] as number) + APPEND_GAP;
    this.#link(item + 1, last, label < LABEL_SPACE ? label : null);
    return item;
  }

  isBefore(a: number, b: number): boolean {
    return (this.#labels[a + 1] as number) < (this.#labels[b + 1] as number);
  }

  /** Grows along the order. Holds until an item is moved or added. */
  labelOf(item: number): number {
    return this.#labels[item + 1] as number;
  }

  /** Moves items to directly behind another one that is not among them, in the order given. */
  moveAfter(items: readonly number[], target: number): void {
    for (const item of items) this.#unlink(item + 1);
    this.#linkAll(items, target + 1);
  }

  /** Moves items to directly before another one that is not among them, in the order given. */
  moveBefore(items: readonly number[], target: number): void {
    for (const item of items) this.#unlink(item + 1);
    this.#linkAll(items, this.#previous[target + 1] as number);
  }

  /** Links items one behind the other, their labels evenly spread over the gap as long as it has room. */
  #linkAll(items: readonly number[], position: number): void {
    let previous = position;
    let parts = items.length + 1;
    for (const item of items) {
      const next = this.#next[previous] as number;
      const low = this.#labels[previous] as number;
      const high = next === SENTINEL ? LABEL_SPACE : (this.#labels[next] as number);
      const step = Math.floor((high - low) / parts);
      this.#link(item + 1, previous, step < 1 ? null : low + step);
      previous = item + 1;
      parts -= 1;
    }
  }

  #link(slot: number, previous: number, label: number | null): void {
    const next = this.#next[previous] as number;
    this.#next[previous] = slot;
    this.#previous[slot] = previous;
    this.#next[slot] = next;
    this.#previous[next] = slot;
    if (label === null) this.#spreadAround(slot, this.#labels[previous] as number);
    else this.#labels[slot] = label;
  }

  #unlink(slot: number): void {
    const previous = this.#previous[slot] as number;
    const next = this.#next[slot] as number;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  /** Gives new labels to the smallest range around `label` that is sparse enough; `slot` is linked but has no label yet. */
  #spreadAround(slot: number, label: number): void {
    this.#labels[slot] = label; // Its true place is decided by the links; this only puts it inside the range.
    let first = slot;
    let last = slot;
    let count = 1;
    let capacity = 1;
    for (let size = 2; ; size *= 2) {
      capacity *= 2 / OVERFLOW;
      const start = Math.floor(label / size) * size;
      while (this.#reaches(this.#previous[first] as number, start, size)) {
        first = this.#previous[first] as number;
        count += 1;
      }
      while (this.#reaches(this.#next[last] as number, start, size)) {
        last = this.#next[last] as number;
        count += 1;
      }
      // Half of the range or less: then neighbours end up two or more apart, and the next insertion finds room.
      if ((count < capacity && count * 2 < size) || size >= LABEL_SPACE) {
        this.#spread(first, last, { start, step: size / (count + 1) });
        return;
      }
    }
  }

  #reaches(slot: number, start: number, size: number): boolean {
    if (slot === SENTINEL) return false;
    const label = this.#labels[slot] as number;
    return label >= start && label < start + size;
  }

  #spread(first: number, last: number, { start, step }: { start: number; step: number }): void {
    let position = 1;
    for (let slot = first; ; slot = this.#next[slot] as number) {
      this.#labels[slot] = start + Math.floor(position * step);
      position += 1;
      if (slot === last) return;
    }
  }

  #reserve(slots: number): void {
    if (slots <= this.#next.length) return;
    this.#next = grow(this.#next, Int32Array);
    this.#previous = grow(this.#previous, Int32Array);
    this.#labels = grow(this.#labels, Float64Array);
  }
}
