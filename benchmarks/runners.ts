// How does Muster stand to the runners that come from npm? Scripts that do nothing, 8 at a time, as in `overhead`, but fewer of
// them: some of these take a hundred times as long. Each runs `:` its own way; those of the second table start npm for each script.
// The start of each runner's own process is part of its time. Call: node runners.ts [shape…]
import { quickRunners, slowRunners } from './peers/script-runners.ts';
import { compare } from './support/compare.ts';
import { NpmPeers } from './support/npm-peers.ts';
import { Place } from './support/place.ts';
import { type ScriptShape, scriptsOf } from './support/script-graphs.ts';
import {
  ALL_SHAPES,
  CONCURRENCY,
  contender,
  muster,
  type ScriptPeer,
  spawnLoop,
  systemPeers,
} from './support/script-runners.ts';

const asked = process.argv.slice(2);

using shared = new Place();
const floor = spawnLoop(shared);
const ours: readonly ScriptPeer[] = [
  ...(floor === null ? [] : [{ name: 'C, posix_spawn', runner: floor, shapes: ALL_SHAPES }]),
  { name: 'Muster', runner: muster, shapes: ALL_SHAPES },
];
const npm = NpmPeers.install();
const quick = [...ours, ...systemPeers(), ...(npm === null ? [] : quickRunners(npm))];
const slow = npm === null ? [] : [...ours, ...slowRunners(npm)];

interface Size {
  readonly count: number;
  readonly rounds: number;
}

async function ask(shape: ScriptShape, peers: readonly ScriptPeer[], { count, rounds }: Size): Promise<void> {
  const scripts = scriptsOf(shape, count);
  const contenders = peers.filter(({ shapes }) => shapes.includes(shape)).map((peer) => contender(peer, scripts));
  const title = `${count} scripts that do nothing, ${CONCURRENCY} at a time, ${shape}`;
  if (contenders.length > 0) await compare({ title, unit: 'ms a script', rounds, contenders });
}

for (const shape of ALL_SHAPES) {
  if (asked.length > 0 && !asked.includes(shape)) continue;
  await ask(shape, quick, { count: 200, rounds: 5 });
  await ask(shape, slow, { count: 40, rounds: 3 });
}
