// What does it cost to run scripts that do nothing, 8 at a time, each with its output in a file of its own? The floor is a loop of
// posix_spawn in C. The loop around execa starts a process of Muster's supervisor for each script; Muster uses its processes again.
// The start of each runner's own process is part of its time. And how long does the event loop of a runner stand still, depending on
// the memory that it holds? `runners` has the peers that come from npm. Call: node overhead.ts [scripts] [rounds]
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Contender, compare, verdict } from './support/compare.ts';
import { CLEAN_ENV } from './support/environment.ts';
import type { Blocks } from './support/loop-watch.ts';
import { Place } from './support/place.ts';
import { type ScriptShape, scriptsOf } from './support/script-graphs.ts';
import {
  ALL_SHAPES,
  CONCURRENCY,
  contender,
  execaLoop,
  execaWithSupervisor,
  muster,
  type Runner,
  spawnLoop,
  systemPeers,
} from './support/script-runners.ts';
import { median, short } from './support/statistics.ts';
import { printTable, type Row } from './support/table.ts';

const SCRIPTS = Number(process.argv[2] ?? 1000);
const ROUNDS = Number(process.argv[3] ?? 5);
const EXECA = 'execa, with the supervisor';

/** What else the runner holds in memory, in MB. */
const BALLAST = [0, 1000];

/** The longest that anybody else in the process may have to wait, in milliseconds. */
const MAX_BLOCK_MS = 5;

/** Columns: of the first phase and of the second one, that by the clock and by the processor time of the loop's thread. */
const FIRST = `longest block ms, first ${CONCURRENCY}`;
const LONGEST = 'longest block ms, then';
const OWN = 'longest own work ms';

const WATCH_BESIDE = fileURLToPath(import.meta.resolve('./programs/watch-beside.ts'));
const RUN_WITH_BALLAST = fileURLToPath(import.meta.resolve('./programs/run-with-ballast.ts'));

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
    { ...contender({ name: 'Muster', runner: muster }, scripts), goal: [{ atMost: 1.4, of: EXECA }, { atMost: 2 }] },
  ];
}

/** As run-with-ballast.ts prints it. */
interface WithBallast {
  readonly first: Blocks & { readonly msPerScript: number };
  readonly then: Blocks & { readonly msPerScript: number };
  readonly rssMb: number;
}

function outputOf(argv: readonly string[]): string {
  return execFileSync(process.execPath, argv, { encoding: 'utf8', env: CLEAN_ENV });
}

function withBallast(ballast: number): WithBallast {
  using place = new Place('at exit');
  return JSON.parse(outputOf([RUN_WITH_BALLAST, place.path('state'), SCRIPTS, CONCURRENCY, ballast].map(String)));
}

function ballastRow(ballast: number): Row {
  const runs = Array.from({ length: ROUNDS }, () => withBallast(ballast));
  const [longest, own] = [
    median(runs.map(({ then }) => then.longestMs)),
    median(runs.map(({ then }) => then.longestBusyMs)),
  ];
  return {
    who: `Muster, with ${ballast} MB of ballast`,
    'RSS MB': short(median(runs.map(({ rssMb }) => rssMb))),
    [FIRST]: short(median(runs.map(({ first }) => first.longestMs))),
    [LONGEST]: short(longest),
    [OWN]: short(own),
    'ms a script, then': short(median(runs.map(({ then }) => then.msPerScript))),
    goal: `≤ ${MAX_BLOCK_MS} ms, then: ${verdict(longest <= MAX_BLOCK_MS, `${short(longest)} ms`)}`,
  };
}

/** What the system takes away from a loop that does nothing, with the same scripts on the same processors. */
function idleRow(program: Runner): Row {
  const runs = Array.from({ length: ROUNDS }, (): Blocks => {
    using place = new Place('at exit');
    return JSON.parse(outputOf([WATCH_BESIDE, ...program(place, scriptsOf('wide', SCRIPTS))]));
  });
  return {
    who: 'an idle loop beside the floor',
    'RSS MB': '',
    [FIRST]: '',
    [LONGEST]: short(median(runs.map(({ longestMs }) => longestMs))),
    [OWN]: short(median(runs.map(({ longestBusyMs }) => longestBusyMs))),
  };
}

for (const shape of ALL_SHAPES) {
  const title = `${SCRIPTS} scripts that do nothing, ${CONCURRENCY} at a time, ${shape}`;
  await compare({ title, unit: 'ms a script', rounds: ROUNDS, contenders: contenders(shape) });
}
printTable(
  `${CONCURRENCY} scripts, and then ${SCRIPTS} that use their supervisors again, in a runner that holds memory (${ROUNDS} rounds)`,
  [...(floor === null ? [] : [idleRow(floor)]), ...BALLAST.map(ballastRow)],
);
