import type { UnitInfo } from '@muster/socket/protocol';
import type { Agent } from '../agent.ts';
import type { Io } from '../io.ts';
import { toJson } from '../render/json.ts';
import { Feed } from './feed.ts';

/** What a view of JSON shows. */
export interface JsonView {
  readonly io: Io;
  readonly names: ReadonlySet<string>;
  /** Begin after this event, without a snapshot if the agent still keeps what came after; left out: now. */
  readonly since: number | undefined;
}

/** One JSON object a line, until `ended`: a snapshot or where it resumes, then the events as they are on the wire. */
export async function printJson(agent: Agent, view: JsonView, ended: Promise<unknown>): Promise<void> {
  const { io, names, since } = view;
  const isShown = ({ unit }: { readonly unit: string }): boolean => names.size === 0 || names.has(unit);
  const print = (value: object): void => io.stdout.write(`${toJson(value, 0)}\n`);
  using feed = await Feed.open(agent, since ?? 'now');
  const printSnapshot = (seq: number, units: readonly UnitInfo[]): void =>
    print({ type: 'snapshot', boot: feed.boot, seq, units: units.filter(isShown) });
  if (feed.snapshot === null) print({ type: 'resumed', boot: feed.boot, seq: since ?? feed.seq });
  else printSnapshot(feed.seq, feed.snapshot);
  feed.deliver((item) => {
    if (item.kind === 'snapshot') printSnapshot(item.seq, item.units);
    else if (isShown(item.event)) print(item.event);
  });
  await ended;
}
