import { describe, expect, test } from 'vitest';
import { importsOf, resolveRelative } from './support/module-source.ts';
import { read, trackedFiles } from './support/tracked-files.ts';
import { published, tsconfigReferences, workspaces } from './support/workspaces.ts';

/** Who may import whom. docs/architecture.md draws the same arrows. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'apps/agent': ['packages/scripts', 'packages/socket/server', 'packages/unit'],
  'apps/sync-cli': ['packages/socket/client', 'packages/socket/protocol'],
  'packages/scripts': ['packages/unit'],
  'packages/socket/client': ['packages/socket/protocol'],
  'packages/socket/protocol': [],
  'packages/socket/server': ['packages/socket/protocol', 'packages/unit'],
  'packages/unit': [],
};

/**
 * Dependencies of the programs. They are bundled, so what they are made of are development dependencies; but the agent puts
 * the command on the PATH of its scripts.
 */
const OF_PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'apps/agent': ['apps/sync-cli'],
  'apps/sync-cli': [],
};

const PARTS = Object.keys(ARROWS);
const partOf = (file: string) => PARTS.find((part) => file.startsWith(`${part}/`) || file.startsWith(srcOf(part)));
const folderOf = (part: string) => part.split('/').slice(0, 2).join('/');
const srcOf = (part: string) =>
  `${folderOf(part)}/src/${part
    .split('/')
    .slice(2)
    .map((name) => `${name}/`)
    .join('')}`;

const sources = trackedFiles(/^(packages|apps)\/[^/]+\/src\/.*\.ts$/);
const folderByName = new Map(workspaces().map(({ folder, manifest }) => [manifest.name, folder]));

/** The part that `@muster/socket/server` or `../protocol/methods.ts` belongs to; null for anything outside Muster. */
function targetPart(file: string, specifier: string): string | null {
  const relative = resolveRelative(file, specifier);
  if (relative !== null) return partOf(relative) ?? null;
  const [scope, name, ...rest] = specifier.split('/');
  const folder = folderByName.get(`${scope}/${name}`);
  return folder === undefined ? null : [folder, ...rest].join('/');
}

function arrowsInSource(): Record<string, readonly string[]> {
  const found = new Map<string, Set<string>>(PARTS.map((part) => [part, new Set<string>()]));
  for (const file of sources) {
    const part = partOf(file);
    if (part === undefined) continue;
    for (const { from } of importsOf(file)) {
      const target = targetPart(file, from);
      if (target !== null && target !== part) found.get(part)?.add(target);
    }
  }
  return Object.fromEntries([...found].map(([part, targets]) => [part, [...targets].sort()]));
}

function arrowsInPicture(): Record<string, readonly string[]> {
  const picture = /```mermaid\n([\s\S]*?)```/.exec(read('docs/architecture.md'))?.[1] ?? '';
  const names = new Map([...picture.matchAll(/(\w+)\["([^"<]+)/g)].map(([, id, label]) => [id, label?.trim()]));
  const found: Record<string, string[]> = Object.fromEntries(PARTS.map((part) => [part, []]));
  for (const [, from, to] of picture.matchAll(/(\w+) --> (\w+)/g)) {
    found[names.get(from) ?? `unnamed ${from}`]?.push(names.get(to) ?? `unnamed ${to}`);
  }
  return Object.fromEntries(Object.entries(found).map(([part, targets]) => [part, targets.sort()]));
}

/** The arrows between folders: the parts of a package count as the package, and its inner arrows not at all. */
function arrowsBetweenFolders(folder: string): readonly string[] {
  const targets = PARTS.filter((part) => folderOf(part) === folder).flatMap((part) =>
    (ARROWS[part] ?? []).map(folderOf),
  );
  return [...new Set(targets)].filter((target) => target !== folder).sort();
}

describe('the arrows of the architecture', () => {
  test('are those that the import statements draw', () => {
    expect(arrowsInSource()).toEqual(ARROWS);
  });

  test('are those of the picture in docs/architecture.md', () => {
    expect(arrowsInPicture()).toEqual(ARROWS);
  });

  test.each(published().map(({ folder }) => folder))('are those of the references in %s/tsconfig.json', (folder) => {
    expect(tsconfigReferences(folder)).toEqual(arrowsBetweenFolders(folder));
  });

  test.each(published())('are those of the dependencies in $folder/package.json', ({ folder, manifest }) => {
    const ours = Object.keys(manifest.dependencies ?? {}).flatMap((name) => folderByName.get(name) ?? []);
    expect(ours.sort()).toEqual(OF_PROGRAMS[folder] ?? arrowsBetweenFolders(folder));
  });

  test('every file of a package belongs to a part of the picture, or is shared inside its package', () => {
    const strays = sources.filter((file) => partOf(file) === undefined && !file.startsWith('packages/socket/src/'));
    expect(strays).toEqual([]);
  });

  test('no import reaches into another package by a path', () => {
    const crossing = trackedFiles(/^(packages|apps|e2e|examples|benchmarks|tools)\/.*\.ts$/).flatMap((file) => {
      const home = /^(packages|apps|examples)\//.test(file) ? folderOf(file) : (file.split('/')[0] ?? '');
      return importsOf(file)
        .map(({ from }) => resolveRelative(file, from))
        .filter((target) => target !== null && !target.startsWith(`${home}/`) && !target.startsWith('vitest.shared'))
        .map((target) => `${file} → ${target}`);
    });
    expect(crossing).toEqual([]);
  });
});

describe('what a fresh process loads', () => {
  /** Every module that is loaded when `entry` is, ours by file and others by name; imports of types vanish. */
  function loadedBy(entry: string): ReadonlySet<string> {
    const loaded = new Set<string>();
    const visit = (module: string) => {
      if (loaded.has(module)) return;
      loaded.add(module);
      if (!module.endsWith('.ts')) return;
      for (const { from, typeOnly } of importsOf(module)) if (!typeOnly) visit(resolveOurs(module, from));
    };
    visit(entry);
    return loaded;
  }

  function resolveOurs(file: string, specifier: string): string {
    const relative = resolveRelative(file, specifier);
    if (relative !== null) return relative;
    const part = targetPart(file, specifier);
    return part === null ? specifier : `${srcOf(part)}index.ts`;
  }

  test.each(['packages/socket/src/client/index.ts', 'apps/sync-cli/src/muster.ts'])(
    '%s needs no schema library, no unit manager and no server',
    (entry) => {
      const loaded = [...loadedBy(entry)];
      expect(loaded).toContain('node:net');
      expect(loaded.filter((module) => /^zod|packages\/unit|\/server\/|^node:https?$/.test(module))).toEqual([]);
    },
  );

  test('packages/unit needs nothing at all', () => {
    const outside = [...loadedBy('packages/unit/src/index.ts')].filter(
      (module) => !module.startsWith('packages/unit/'),
    );
    expect(outside).toEqual([]);
  });
});

describe('the composition root', () => {
  test.each([
    ['UnitManager', 'apps/agent/src/agent.ts'],
    ['ScriptRunner', 'apps/agent/src/agent.ts'],
  ])('is the only place that says new %s(', (name, file) => {
    const places = sources.flatMap((source) =>
      // A word of a comment or of a docstring constructs nothing.
      [
        ...read(source)
          .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
          .matchAll(new RegExp(`\\bnew ${name}\\(`, 'g')),
      ].map(() => source),
    );
    expect(places.filter((source) => !source.startsWith('packages/unit/'))).toEqual([file]);
  });
});
