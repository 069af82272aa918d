import type { UnitEvent } from './event.ts';

/** The latest events, as many as fit: a ring. Most are never asked for, so each is frozen when it first leaves. */
export class EventLog {
  readonly #ring: UnitEvent[] = [];
  readonly #capacity: number;
  #seq = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The number of the latest event; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** The number of the oldest event that is still here. */
  get oldest(): number {
    return this.#seq - this.#ring.length + 1;
  }

  append(event: UnitEvent): void {
    this.#ring[this.#seq % this.#capacity] = event;
    this.#seq = event.seq;
  }

  /** The events after `seq`, oldest first; null where some of them are gone, or where `seq` is yet to come. */
  since(seq: number): readonly UnitEvent[] | null {
    if (seq > this.#seq || seq < this.oldest - 1) return null;
    const events: UnitEvent[] = [];
    for (let index = seq; index < this.#seq; index += 1) {
      events.push(Object.freeze(this.#ring[index % this.#capacity] as UnitEvent));
    }
    return events;
  }
}
