import { symlinkSync } from 'node:fs';
import { type NpmPeers, PEER_ENV } from '../support/npm-peers.ts';
import type { Place } from '../support/place.ts';
import { ALL_SHAPES, CONCURRENCY, type ScriptPeer, type Scripts } from '../support/script-runners.ts';

/** Runners of npm that take milliseconds a script. */
export function quickRunners(npm: NpmPeers): readonly ScriptPeer[] {
  return [
    {
      name: 'wireit',
      shapes: ALL_SHAPES,
      env: { ...PEER_ENV, WIREIT_PARALLEL: String(CONCURRENCY), WIREIT_CACHE: 'none' },
      runner: (place, scripts) => {
        const wireit = scripts.map(({ id, needs }) => [id, { command: ':', dependencies: needs }] as const);
        writePackage(npm, place, {
          scripts: { all: 'wireit', ...Object.fromEntries(scripts.map(({ id }) => [id, 'wireit'])) },
          wireit: { all: { dependencies: idsOf(scripts) }, ...Object.fromEntries(wireit) },
        });
        return inside(place, [process.execPath, '--run', 'all']);
      },
    },
    {
      name: 'concurrently',
      shapes: ['wide'], // It keeps no order but its own.
      env: PEER_ENV,
      runner: (_, scripts) => [
        npm.command('concurrently'),
        '--max-processes',
        String(CONCURRENCY),
        ...scripts.map(() => ':'),
      ],
    },
  ];
}

/** Runners that start npm for each script. */
export function slowRunners(npm: NpmPeers): readonly ScriptPeer[] {
  return [
    {
      name: 'turbo',
      shapes: ALL_SHAPES,
      env: PEER_ENV,
      runner: (place, scripts) => {
        writePackage(npm, place, { packageManager: 'npm@11.0.0', scripts: commandsOf(scripts) });
        const tasks = scripts.map(({ id, needs }) => [id, { dependsOn: needs, cache: false }] as const);
        place.write('turbo.json', JSON.stringify({ tasks: Object.fromEntries(tasks) }));
        return inside(place, [npm.command('turbo'), 'run', ...idsOf(scripts), `--concurrency=${CONCURRENCY}`]);
      },
    },
    {
      name: 'npm-run-all2',
      shapes: ALL_SHAPES,
      env: PEER_ENV,
      runner: (place, scripts) => {
        writePackage(npm, place, { scripts: commandsOf(scripts) });
        const groups = levelsOf(scripts).flatMap((ids) => ['--parallel', ...ids]);
        return inside(place, [npm.command('npm-run-all'), '--max-parallel', String(CONCURRENCY), ...groups]);
      },
    },
  ];
}

function writePackage(npm: NpmPeers, place: Place, fields: Readonly<Record<string, unknown>>): void {
  symlinkSync(npm.folder, place.path('node_modules'));
  place.write('package.json', JSON.stringify({ name: 'scripts', private: true, ...fields }));
}

function idsOf(scripts: Scripts): readonly string[] {
  return scripts.map(({ id }) => id);
}

function commandsOf(scripts: Scripts): Readonly<Record<string, string>> {
  return Object.fromEntries(scripts.map(({ id }) => [id, ':']));
}

/** Those that need nothing, then those that need only them, and so on: all that groups one behind another can say. */
function levelsOf(scripts: Scripts): readonly (readonly string[])[] {
  const levelOf = new Map<string, number>();
  const levels: string[][] = [];
  for (const { id, needs } of scripts) {
    const level = Math.max(-1, ...needs.map((need) => levelOf.get(need) ?? -1)) + 1;
    levelOf.set(id, level);
    const beside = levels[level] ?? [];
    levels[level] = [...beside, id];
  }
  return levels;
}

function inside(place: Place, argv: readonly string[]): readonly string[] {
  return ['sh', '-c', 'cd "$0" && exec "$@"', place.folder, ...argv];
}
