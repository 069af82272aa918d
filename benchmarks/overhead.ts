// What does it cost to run scripts that do nothing, 8 at a time, each with its output in a file of its own? The floor is a loop of
// posix_spawn in C. The loop around execa starts a process of Muster's supervisor for each script; Muster uses its processes again.
// The start of each runner's own process is part of its time. And how long does the event loop of a runner stand still, depending on
// the memory that it holds? Call: node overhead.ts [scripts] [rounds]
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isInstalled, timeProgram } from './support/binaries.ts';
import { type Contender, compare, verdict } from './support/compare.ts';
import { CLEAN_ENV } from './support/environment.ts';
import { Place } from './support/place.ts';
import { SCRIPT_SHAPES, type ScriptGraph, type ScriptShape, scriptsOf } from './support/script-graphs.ts';
import { median, short } from './support/statistics.ts';
import { supervisorText } from './support/supervisor.ts';
import { printTable, type Row } from './support/table.ts';

const SCRIPTS = Number(process.argv[2] ?? 1000);
const ROUNDS = Number(process.argv[3] ?? 3);
const CONCURRENCY = 8;
const C_COMPILER = 'cc';
const EXECA = 'execa, with the supervisor';

/** What else the runner holds in memory, in MB. */
const BALLAST = [0, 1000];

/** The longest that anybody else in the process may have to wait, in milliseconds. */
const MAX_BLOCK_MS = 5;

/** Peers of the issue that need a package for each script, or that the table of PERFORMANCE.md measured at hundreds of times the floor. */
const NOT_HERE = ['wireit', 'turbo', 'concurrently'];

const RUN_WITH_SPAWN = fileURLToPath(import.meta.resolve('./programs/run-with-spawn.c'));
const RUN_WITH_EXECA = fileURLToPath(import.meta.resolve('./programs/run-with-execa.ts'));
const RUN_WITH_MUSTER = fileURLToPath(import.meta.resolve('./programs/run-with-muster.ts'));
const RUN_WITH_BALLAST = fileURLToPath(import.meta.resolve('./programs/run-with-ballast.ts'));

using shared = new Place();
const supervisor = shared.write('supervisor.sh', supervisorText(shared));
const spawner = shared.path('run-with-spawn');
if (isInstalled(C_COMPILER)) execFileSync(C_COMPILER, ['-O2', '-o', spawner, RUN_WITH_SPAWN]);

type Scripts = ScriptGraph['scripts'];

/** A runner: its files are written before the clock starts. */
type Runner = (place: Place, scripts: Scripts) => readonly string[];

const numberOf = (id: string): string => id.slice(1);

function graphFile(place: Place, scripts: Scripts): string {
  const graph: ScriptGraph = { folder: place.folder, concurrency: CONCURRENCY, scripts };
  return place.write('graph.json', JSON.stringify(graph));
}

const muster: Runner = (place, scripts) => [process.execPath, RUN_WITH_MUSTER, graphFile(place, scripts)];

const execaLoop: Runner = (place, scripts) => [process.execPath, RUN_WITH_EXECA, graphFile(place, scripts)];

const execaWithSupervisor: Runner = (place, scripts) => [...execaLoop(place, scripts), supervisor];

const floor: Runner = (place, scripts) => {
  const lines = scripts.map(({ needs }) => [needs.length, ...needs.map(numberOf)].join(' '));
  const input = place.write('graph.txt', `${lines.join('\n')}\n`);
  return ['sh', '-c', 'exec "$1" "$2" "$3" <"$4"', 'sh', spawner, place.folder, String(CONCURRENCY), input];
};

const make: Runner = (place, scripts) => {
  // A recipe without special characters would not start a shell.
  const rules = scripts.map(({ id, needs }) => `${id}: ${needs.join(' ')}\n\t@: >${id}.log;\n`);
  const text = `.PHONY: all ${scripts.map(({ id }) => id).join(' ')}\nall: ${scripts.map(({ id }) => id).join(' ')}\n${rules.join('')}`;
  place.write('Makefile', text);
  return ['make', '-s', '-C', place.folder, `-j${CONCURRENCY}`, 'all'];
};

const ninja: Runner = (place, scripts) => {
  const builds = scripts.map(
    ({ id, needs }) => `build ${id}.log: run ${needs.map((need) => `${need}.log`).join(' ')}\n`,
  );
  place.write('build.ninja', `rule run\n  command = : >$out\n${builds.join('')}`);
  return ['ninja', '--quiet', '-C', place.folder, '-j', String(CONCURRENCY)];
};

const xargs: Runner = (place, scripts) => {
  const input = place.write('names.txt', `${scripts.map(({ id }) => `${place.folder}/${id}.log`).join('\n')}\n`);
  return ['sh', '-c', `xargs -P ${CONCURRENCY} -n 1 sh -c ': >"$0"' <"$1"`, 'sh', input];
};

/** Milliseconds a script. */
function contender(name: string, runner: Runner, scripts: Scripts): Contender {
  return {
    name,
    measure: () => {
      using place = new Place();
      const argv = runner(place, scripts);
      return timeProgram(argv, { ...CLEAN_ENV, PWD: place.folder }) / scripts.length;
    },
  };
}

function contenders(shape: ScriptShape): readonly Contender[] {
  const scripts = scriptsOf(shape, SCRIPTS);
  const peers: readonly (readonly [string, string, Runner])[] = [
    [C_COMPILER, 'C, posix_spawn', floor],
    ['make', 'make -j8', make],
    ['ninja', 'ninja -j8', ninja],
    ...(shape === 'wide' ? ([['xargs', 'xargs -P 8', xargs]] as const) : []),
  ];
  return [
    ...peers.filter(([command]) => isInstalled(command)).map(([, name, runner]) => contender(name, runner, scripts)),
    contender('execa, bare', execaLoop, scripts),
    contender(EXECA, execaWithSupervisor, scripts),
    { ...contender('Muster', muster, scripts), goal: { atMost: 2 } },
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
    goal: `≤ ${MAX_BLOCK_MS} ms, then: ${verdict(longest <= MAX_BLOCK_MS)}`,
  };
}

const missing = [C_COMPILER, 'make', 'ninja', 'xargs'].filter((name) => !isInstalled(name));
console.log(`Missing on this machine: ${missing.join(', ') || 'none'}. Not measured here: ${NOT_HERE.join(', ')}.`);
for (const shape of Object.keys(SCRIPT_SHAPES) as ScriptShape[]) {
  const title = `${SCRIPTS} scripts that do nothing, ${CONCURRENCY} at a time, ${shape}`;
  await compare({ title, unit: 'ms a script', rounds: ROUNDS, contenders: contenders(shape) });
}
printTable(
  `${CONCURRENCY} scripts, and then ${SCRIPTS} that use their supervisors again, in a runner that holds memory (${ROUNDS} rounds)`,
  BALLAST.map(blockedRow),
);
