// What does it cost to run scripts that do nothing, 8 at a time, each with its output in a file of its own? The floor is a loop of
// posix_spawn in C. The loop around execa starts a process of Muster's supervisor for each script; Muster uses its processes again.
// The start of each runner's own process is part of its time. And how long does the event loop of a runner stand still, depending on
// the memory that it holds? `runners` has the peers that come from npm. Call: node overhead.ts [scripts] [rounds]
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Contender, compare, verdict } from './support/compare.ts';
import { CLEAN_ENV } from './support/environment.ts';
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
import { median, short } from './support/statistics.ts';
import { printTable, type Row } from './support/table.ts';

const SCRIPTS = Number(process.argv[2] ?? 1000);
const ROUNDS = Number(process.argv[3] ?? 5);
const EXECA = 'execa, with the supervisor';

/** What else the runner holds in memory, in MB. */
const BALLAST = [0, 1000];

/** The longest that anybody else in the process may have to wait, in milliseconds. */
const MAX_BLOCK_MS = 5;

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
interface Blocked {
  readonly first: { readonly msPerScript: number; readonly longestBlockMs: number };
  readonly then: { readonly msPerScript: number; readonly longestBlockMs: number };
  readonly rssMb: number;
}

function blocked(ballast: number): Blocked {
  using place = new Place();
  const args = [RUN_WITH_BALLAST, place.path('state'), SCRIPTS, CONCURRENCY, ballast].map(String);
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env: CLEAN_ENV }));
}

function blockedRow(ballast: number): Row {
  const runs = Array.from({ length: ROUNDS }, () => blocked(ballast));
  const longest = median(runs.map(({ then }) => then.longestBlockMs));
  return {
    'ballast MB': ballast,
    'RSS MB': short(median(runs.map(({ rssMb }) => rssMb))),
    [`longest block ms, first ${CONCURRENCY}`]: short(median(runs.map(({ first }) => first.longestBlockMs))),
    'longest block ms, then': short(longest),
    'ms a script, then': short(median(runs.map(({ then }) => then.msPerScript))),
    goal: `≤ ${MAX_BLOCK_MS} ms, then: ${verdict(longest <= MAX_BLOCK_MS, `${short(longest)} ms`)}`,
  };
}

for (const shape of ALL_SHAPES) {
  const title = `${SCRIPTS} scripts that do nothing, ${CONCURRENCY} at a time, ${shape}`;
  await compare({ title, unit: 'ms a script', rounds: ROUNDS, contenders: contenders(shape) });
}
printTable(
  `${CONCURRENCY} scripts, and then ${SCRIPTS} that use their supervisors again, in a runner that holds memory (${ROUNDS} rounds)`,
  BALLAST.map(blockedRow),
);
