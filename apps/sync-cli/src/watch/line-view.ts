import type { Agent } from '../agent.ts';
import type { Io } from '../io.ts';
import { BoardFeed } from './board-feed.ts';
import { changeLine } from './change-line.ts';
import type { Change } from './fold.ts';
import { counts, shownUnits } from './table-lines.ts';

/** What a view of lines shows. */
export interface LineView {
  readonly io: Io;
  readonly names: ReadonlySet<string>;
  /** Begin after this event; left out: now. */
  readonly since: number | undefined;
  /** Takes a sentence that is not a change. */
  readonly note: (sentence: string) => void;
}

/** One line for each change, until `ended`. */
export async function printLines(agent: Agent, view: LineView, ended: Promise<unknown>): Promise<void> {
  const { io, names, since, note } = view;
  using feed = await BoardFeed.open(agent, since);
  const after = since ?? feed.firstSeq;
  const isShown = ({ event }: Change): boolean => event.seq > after && (names.size === 0 || names.has(event.unit));
  const introduce = once(() => note(`Watching. ${counts(shownUnits(feed.board, names))}`));
  feed.deliver({
    onChanges: (changes) => {
      const text = changes.filter(isShown).map((change) => `${changeLine(change)}\n`);
      if (text.length > 0) io.stdout.write(text.join(''));
    },
    onBoard: (board) => {
      if (board.seq >= feed.firstSeq) introduce();
    },
    onGap: (seq) => note(`Too slow to show everything: the changes up to number ${seq} were left out.`),
  });
  await ended;
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
