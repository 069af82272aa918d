// What does it cost to run scripts that do nothing, 8 at a time, each with its output in a file of its own? The floor is a loop of
// posix_spawn in C. The loop around execa starts the same supervisor that Muster starts. The start of each runner's own process is
// part of its time. `runners` has those that come from npm. Call: node overhead.ts [scripts] [rounds]
import { type Contender, compare } from './support/compare.ts';
import { Place } from './support/place.ts';
import { type ScriptShape, scriptsOf } from './support/script-graphs.ts';
import {
  ALL_SHAPES,
  CONCURRENCY,
  contender,
  execaLoop,
  execaWithSupervisor,
  muster,
  spawnLoop,
  systemPeers,
} from './support/script-runners.ts';

const SCRIPTS = Number(process.argv[2] ?? 1000);
const ROUNDS = Number(process.argv[3] ?? 5);
const EXECA = 'execa, with the supervisor';

using shared = new Place();
const floor = spawnLoop(shared);
const peers = systemPeers();
const supervised = execaWithSupervisor(shared);

function contenders(shape: ScriptShape): readonly Contender[] {
  const scripts = scriptsOf(shape, SCRIPTS);
  const fitting = peers.filter(({ shapes }) => shapes.includes(shape));
  return [
    ...(floor === null ? [] : [contender({ name: 'C, posix_spawn', runner: floor }, scripts)]),
    ...fitting.map((peer) => contender(peer, scripts)),
    contender({ name: 'execa, bare', runner: execaLoop }, scripts),
    contender({ name: EXECA, runner: supervised }, scripts),
    { ...contender({ name: 'Muster', runner: muster }, scripts), goal: { atMost: 1.4, of: EXECA } },
  ];
}

for (const shape of ALL_SHAPES) {
  const title = `${SCRIPTS} scripts that do nothing, ${CONCURRENCY} at a time, ${shape}`;
  await compare({ title, unit: 'ms a script', rounds: ROUNDS, contenders: contenders(shape) });
}
