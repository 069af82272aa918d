import type { Agent } from '../agent.ts';
import type { Io } from '../io.ts';
import type { Palette } from '../render/color.ts';
import type { Terminal } from '../terminal.ts';
import { BoardFeed } from './board-feed.ts';
import { Outlook } from './outlook.ts';
import { Pacer } from './pacer.ts';
import { Screen } from './screen.ts';
import { shownUnits, type TableView, tableLines } from './table-lines.ts';

/** How often the times of running units are drawn anew, in milliseconds. */
const TICK_MS = 1_000;

const LEGEND = 'Ctrl+C ends the view; the units go on.';

/** What a live view shows, and where. */
export interface LiveView {
  readonly io: Io;
  readonly terminal: Terminal;
  readonly names: ReadonlySet<string>;
  readonly colors: Palette;
}

/**
 * A table that follows the agent, until `ended` or a signal. The last of it stays on the terminal.
 *
 * @returns whether a signal ended it.
 */
export async function showLive(agent: Agent, view: LiveView, ended: Promise<unknown>): Promise<boolean> {
  const { io, terminal } = view;
  using feed = await BoardFeed.open(agent);
  const outlook = await Outlook.open(agent);
  const screen = new Screen(io.stdout);
  const table = (size: { width: number; height: number }): TableView => {
    return { ...view, ...size, now: Date.now(), prospectOf: (unit) => outlook.of(unit) };
  };
  const draw = (): void => {
    const { columns, rows } = terminal.size();
    screen.show(frame(feed, table({ width: columns, height: rows })));
    if (!isRunning(feed, view)) return;
    // What it finds is drawn at the next tick.
    void outlook.look();
    pacer.request(TICK_MS);
  };
  using pacer = new Pacer(draw);
  const interrupted = Promise.withResolvers<true>();
  using _listeners = listen(terminal, { screen, pacer, onInterrupt: () => interrupted.resolve(true) });
  feed.deliver({ onBoard: () => pacer.request() });
  pacer.request();
  const isInterrupted = await Promise.race([interrupted.promise, ended.then(() => false)]);
  screen[Symbol.dispose]();
  const last = tableLines(feed.board, table({ width: terminal.size().columns, height: Infinity }));
  io.stdout.write(`${last.join('\n')}\n`);
  return isInterrupted;
}

function frame(feed: BoardFeed, view: TableView): string[] {
  // Before the history has arrived there is nothing true to show.
  if (feed.board.seq < feed.firstSeq) return ['Reading the history…'];
  const lines = tableLines(feed.board, { ...view, height: view.height - 1 });
  return view.height > 4 ? [...lines, view.colors.faint(LEGEND.slice(0, view.width))] : lines;
}

function isRunning(feed: BoardFeed, { names }: LiveView): boolean {
  return shownUnits(feed.board, names).some(({ status }) => status === 'started');
}

function listen(
  terminal: Terminal,
  { screen, pacer, onInterrupt }: { screen: Screen; pacer: Pacer; onInterrupt: () => void },
): Disposable {
  const redraw = (): void => {
    screen.invalidate();
    pacer.request();
  };
  const listeners = [
    terminal.on('interrupt', onInterrupt),
    terminal.on('resize', redraw),
    terminal.on('resume', redraw),
    terminal.on('suspend', () => {
      screen[Symbol.dispose]();
      terminal.suspend();
    }),
  ];
  // Not a DisposableStack: Node 22 has none.
  return {
    [Symbol.dispose]: () => {
      for (const listener of listeners) listener[Symbol.dispose]();
    },
  };
}
