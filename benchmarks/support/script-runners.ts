import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isInstalled, timeProgram } from './binaries.ts';
import type { Contender } from './compare.ts';
import { CLEAN_ENV } from './environment.ts';
import { Place } from './place.ts';
import { SCRIPT_SHAPES, type ScriptGraph, type ScriptShape } from './script-graphs.ts';
import { supervisorText } from './supervisor.ts';

/** How many scripts run at a time. */
export const CONCURRENCY = 8;

/** The compiler of the floor. */
const C_COMPILER = 'cc';

const RUN_WITH_SPAWN = fileURLToPath(import.meta.resolve('../programs/run-with-spawn.c'));
const RUN_WITH_EXECA = fileURLToPath(import.meta.resolve('../programs/run-with-execa.ts'));
const RUN_WITH_MUSTER = fileURLToPath(import.meta.resolve('../programs/run-with-muster.ts'));

export type Scripts = ScriptGraph['scripts'];

/** Writes what a runner reads, before the clock starts, and tells its command line. */
export type Runner = (place: Place, scripts: Scripts) => readonly string[];

function graphFile(place: Place, scripts: Scripts): string {
  const graph: ScriptGraph = { folder: place.folder, concurrency: CONCURRENCY, scripts };
  return place.write('graph.json', JSON.stringify(graph));
}

/** The runner and the manager, as an agent has them. */
export const muster: Runner = (place, scripts) => [process.execPath, RUN_WITH_MUSTER, graphFile(place, scripts)];

/** A loop around execa that starts `sh -c :`. */
export const execaLoop: Runner = (place, scripts) => [process.execPath, RUN_WITH_EXECA, graphFile(place, scripts)];

/** The same loop, which starts the supervisor that Muster starts. @param shared Outlives the runner. */
export function execaWithSupervisor(shared: Place): Runner {
  const supervisor = shared.write('supervisor.sh', supervisorText(shared));
  return (place, scripts) => [...execaLoop(place, scripts), supervisor];
}

const numberOf = (id: string): string => id.slice(1);

/** The floor: a loop of posix_spawn in C; null without a compiler. @param shared Outlives the runner. */
export function spawnLoop(shared: Place): Runner | null {
  if (!isInstalled(C_COMPILER)) return null;
  const program = shared.path('run-with-spawn');
  execFileSync(C_COMPILER, ['-O2', '-o', program, RUN_WITH_SPAWN]);
  return (place, scripts) => {
    const lines = scripts.map(({ needs }) => [needs.length, ...needs.map(numberOf)].join(' '));
    const input = place.write('graph.txt', `${lines.join('\n')}\n`);
    return ['sh', '-c', 'exec "$1" "$2" "$3" <"$4"', 'sh', program, place.folder, String(CONCURRENCY), input];
  };
}

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

/** @param prefix The command that starts the shell of a script, where it is not xargs. */
function xargs(prefix = ''): Runner {
  return (place, scripts) => {
    const input = place.write('names.txt', `${scripts.map(({ id }) => `${place.folder}/${id}.log`).join('\n')}\n`);
    return ['sh', '-c', `xargs -P ${CONCURRENCY} -n 1 ${prefix} sh -c ': >"$0"' <"$1"`, 'sh', input];
  };
}

/** Somebody who runs scripts, and the shapes whose order it can keep. */
export interface ScriptPeer {
  readonly name: string;
  readonly runner: Runner;
  readonly shapes: readonly ScriptShape[];
  /** Its environment, by default that of everything that is timed. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Every shape. */
export const ALL_SHAPES = Object.keys(SCRIPT_SHAPES) as readonly ScriptShape[]; // Object.keys forgets which keys there are.

const SYSTEM_PEERS: readonly (ScriptPeer & { readonly command: string; readonly debian: string })[] = [
  { name: `make -j${CONCURRENCY}`, runner: make, shapes: ALL_SHAPES, command: 'make', debian: 'make' },
  { name: `ninja -j${CONCURRENCY}`, runner: ninja, shapes: ALL_SHAPES, command: 'ninja', debian: 'ninja-build' },
  { name: `xargs -P ${CONCURRENCY}`, runner: xargs(), shapes: ['wide'], command: 'xargs', debian: 'findutils' },
  // What it costs that no signal to a script's group reaches whoever watches the script.
  {
    name: `xargs -P ${CONCURRENCY} setsid`,
    runner: xargs('setsid'),
    shapes: ['wide'],
    command: 'setsid',
    debian: 'util-linux',
  },
];

/** The peers that this system has; says which it lacks, and how to get them. */
export function systemPeers(): readonly ScriptPeer[] {
  const wanted = [...SYSTEM_PEERS, { command: C_COMPILER, debian: 'gcc' }];
  const missing = wanted.filter(({ command }) => !isInstalled(command));
  if (missing.length > 0) {
    const names = missing.map(({ command }) => command).join(', ');
    console.log(`Missing: ${names}. On Debian: apt-get install ${missing.map(({ debian }) => debian).join(' ')}`);
  }
  return SYSTEM_PEERS.filter(({ command }) => isInstalled(command));
}

/** Measures milliseconds a script, the start of the runner's own process included. */
export function contender(peer: Omit<ScriptPeer, 'shapes'>, scripts: Scripts): Contender {
  const { name, runner, env = CLEAN_ENV } = peer;
  return {
    name,
    measure: () => {
      using place = new Place('at exit');
      const argv = runner(place, scripts);
      return timeProgram(argv, { ...env, PWD: place.folder }) / scripts.length;
    },
  };
}
