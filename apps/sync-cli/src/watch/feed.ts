import type { SyncClient } from '@muster/socket/client';
import type { EventInfo, Result, UnitInfo } from '@muster/socket/protocol';
import type { Agent } from '../agent.ts';

/** What comes out of a {@link Feed}. */
export type FeedItem =
  | { readonly kind: 'event'; readonly event: EventInfo }
  /** The state as of `seq`, in place of the events up to it: this reader was too slow for them. */
  | { readonly kind: 'snapshot'; readonly seq: number; readonly units: readonly UnitInfo[] };

/** More than any agent has: docs/protocol.md promises a snapshot for a number that is not of this boot. */
const BEYOND_ALL_EVENTS = Number.MAX_SAFE_INTEGER;

/** The events of an agent from one on, in order and without gaps. */
export class Feed implements Disposable {
  /** The life of the agent that the numbers of events count in. */
  readonly boot: string;
  /** The latest event when the feed began. */
  readonly seq: number;
  /** The state as of `seq`, where the events that were asked for are not kept, or `'now'` was: the items go on from there. */
  readonly snapshot: readonly UnitInfo[] | null;
  readonly #source: Source;

  private constructor({ boot, seq, snapshot }: Result<'sync.watch'>, source: Source) {
    this.boot = boot;
    this.seq = seq;
    this.snapshot = snapshot;
    this.#source = source;
  }

  /** Begins after the event `since`; else, and for `'now'`, with a {@link snapshot}. */
  static async open(agent: Agent, since: number | 'now'): Promise<Feed> {
    // Events may come in the same chunk as the answer, before anyone has seen that.
    const source = new Source(agent.connection);
    const answer = await agent.call('sync.watch', { since: since === 'now' ? BEYOND_ALL_EVENTS : since });
    return new Feed(answer, source);
  }

  /** Calls back with every item from the first on, those that have arrived already at once. */
  deliver(onItem: (item: FeedItem) => void): void {
    this.#source.deliver(onItem);
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }
}

/** The notifications of a connection, kept until somebody takes them. */
class Source implements Disposable {
  readonly #early: FeedItem[] = [];
  readonly #listeners: readonly Disposable[];
  #onItem = (item: FeedItem): void => void this.#early.push(item);

  constructor(client: SyncClient) {
    this.#listeners = [
      client.onNotification('sync.event', (event) => this.#onItem({ kind: 'event', event })),
      client.onNotification('sync.lagged', ({ seq, units }) => this.#onItem({ kind: 'snapshot', seq, units })),
    ];
  }

  deliver(onItem: (item: FeedItem) => void): void {
    this.#onItem = onItem;
    for (const item of this.#early.splice(0)) onItem(item);
  }

  [Symbol.dispose](): void {
    for (const listener of this.#listeners) listener[Symbol.dispose]();
  }
}
