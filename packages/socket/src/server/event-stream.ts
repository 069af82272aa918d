import type { UnitEvent, UnitManager } from '@muster/unit';
import { toEventInfo, type UnitViews } from './unit-view.ts';
import { notificationLine } from './wire-messages.ts';

/** Where an {@link EventStream} writes. */
export interface EventSink {
  /** Whether the reader can take more; when it can again, the owner calls {@link EventStream.pump}. */
  readonly isWritable: boolean;
  write(text: string): void;
}

/** Whose events an {@link EventStream} sends. */
export interface EventSource {
  readonly units: UnitManager;
  readonly views: UnitViews;
  /** Events after this one are sent. */
  readonly seq: number;
}

/** How much is written at a time, in characters, before it is asked again whether the reader can take more. */
const BATCH_LENGTH = 16 * 1024;

/** Lines are the same for every watcher, so each is made once. */
const lines = new WeakMap<UnitEvent, string>();

/**
 * Sends the events of a manager, in order and without gaps, as fast as the reader takes them. It keeps nothing but its
 * place: a slow reader catches up from the manager's own tail of events, and one that falls behind even that gets
 * `sync.lagged` with the present state.
 */
export class EventStream implements Disposable {
  readonly #units: UnitManager;
  readonly #views: UnitViews;
  readonly #sink: EventSink;
  readonly #subscription: Disposable;
  #seq: number;
  #scheduled = false;
  #disposed = false;

  constructor({ units, views, seq }: EventSource, sink: EventSink) {
    this.#units = units;
    this.#views = views;
    this.#sink = sink;
    this.#seq = seq;
    this.#subscription = units.subscribe(() => this.#schedule());
    this.#schedule();
  }

  /** Sends what there is and the reader takes. */
  pump(): void {
    while (!this.#disposed && this.#sink.isWritable && this.#seq !== this.#units.seq) {
      const answer = this.#units.eventsSince(this.#seq);
      if (answer.kind === 'events') this.#sendSome(answer.events);
      else this.#sendState();
    }
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#subscription[Symbol.dispose]();
  }

  /** Several events of one operation leave in one write, and after the answer of the request that caused them. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.pump();
    });
  }

  #sendSome(events: readonly UnitEvent[]): void {
    let batch = '';
    for (const event of events) {
      batch += lineOf(event);
      this.#seq = event.seq;
      if (batch.length < BATCH_LENGTH) continue;
      this.#sink.write(batch);
      batch = '';
      if (!this.#sink.isWritable) return;
    }
    if (batch !== '') this.#sink.write(batch);
  }

  #sendState(): void {
    this.#seq = this.#units.seq;
    this.#sink.write(notificationLine('sync.lagged', { seq: this.#seq, units: this.#views.all() }));
  }
}

function lineOf(event: UnitEvent): string {
  const known = lines.get(event);
  if (known !== undefined) return known;
  const line = notificationLine('sync.event', toEventInfo(event));
  lines.set(event, line);
  return line;
}
