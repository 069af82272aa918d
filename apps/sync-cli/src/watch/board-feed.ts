import type { EventInfo, Result } from '@muster/socket/protocol';
import type { Agent } from '../agent.ts';
import { type Board, boardOf, EMPTY_BOARD, resolveWaiting } from './board.ts';
import { Feed, type FeedItem } from './feed.ts';
import { type Change, fold } from './fold.ts';

/** What is told of a board that follows its agent. */
export interface BoardListener {
  /** The board is another one, or the first one. */
  onBoard?(board: Board): void;
  /** Some changes, in order. */
  onChanges?(changes: readonly Change[]): void;
  /** This reader was too slow, and the events up to this number were left out. */
  onGap?(seq: number): void;
}

/** A {@link Board} that follows the agent, with the whole history of it where that is still kept. */
export class BoardFeed implements Disposable {
  /** The latest event when the feed began. */
  readonly firstSeq: number;
  readonly #agent: Agent;
  readonly #feed: Feed;
  #listener: BoardListener = {};
  #board: Board;
  #events: EventInfo[] = [];
  #isScheduled = false;
  #isAsking = false;

  private constructor(agent: Agent, feed: Feed, board: Board) {
    this.#agent = agent;
    this.#feed = feed;
    this.#board = board;
    this.firstSeq = feed.seq;
  }

  /** @param since An event after which the changes are wanted, where they are still kept. */
  static async open(agent: Agent, since?: number): Promise<BoardFeed> {
    const feed = await Feed.open(agent, 0);
    if (feed.snapshot === null) return new BoardFeed(agent, feed, EMPTY_BOARD);
    const board = boardOf(feed.seq, feed.snapshot);
    if (since === undefined) return new BoardFeed(agent, feed, board);
    // Too many events to begin with the first: but perhaps not too many for those that are wanted.
    feed[Symbol.dispose]();
    return new BoardFeed(agent, await Feed.open(agent, since), board);
  }

  /** Tells what has arrived already, and everything from now on. */
  deliver(listener: BoardListener): void {
    this.#listener = listener;
    if (this.#board.seq >= this.firstSeq) listener.onBoard?.(this.#board);
    this.#feed.deliver((item) => this.#take(item));
    this.#flush();
  }

  /** The state after everything that has arrived. */
  get board(): Board {
    this.#flush();
    return this.#board;
  }

  [Symbol.dispose](): void {
    this.#feed[Symbol.dispose]();
  }

  #take(item: FeedItem): void {
    if (item.kind === 'snapshot') this.#takeSnapshot(item);
    else this.#takeEvent(item.event);
  }

  #takeEvent(event: EventInfo): void {
    this.#events.push(event);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // One fold for all events of a chunk.
    queueMicrotask(() => this.#flush());
  }

  #takeSnapshot({ seq, units }: Extract<FeedItem, { kind: 'snapshot' }>): void {
    this.#flush();
    this.#board = boardOf(seq, units);
    this.#listener.onGap?.(seq);
    this.#listener.onBoard?.(this.#board);
  }

  #flush(): void {
    this.#isScheduled = false;
    if (this.#events.length === 0) return;
    const { board, changes } = fold(this.#board, this.#events.splice(0));
    this.#board = board;
    this.#listener.onChanges?.(changes);
    this.#listener.onBoard?.(board);
    if (board.unsure.size > 0 && !this.#isAsking) void this.#ask();
  }

  /** One after the other, so that a large graph does not meet the agent's limit of requests. */
  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      while (this.#board.unsure.size > 0) {
        const answers: Result<'sync.status'>[] = [];
        for (const unit of this.#board.unsure) {
          answers.push(await this.#agent.connection.call('sync.status', { unit }));
        }
        this.#board = resolveWaiting(this.#board, answers);
      }
      this.#listener.onBoard?.(this.#board);
    } catch {
      // The connection is lost, which whoever watches is told; or the agent refuses, and the unit keeps what it seems to wait for.
    } finally {
      this.#isAsking = false;
    }
  }
}
