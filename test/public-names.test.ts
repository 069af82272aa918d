import { describe, expect, test } from 'vitest';
import { exportedDeclarations, exportedNames } from './support/module-source.ts';
import { trackedFiles } from './support/tracked-files.ts';
import { published } from './support/workspaces.ts';

/** The source file behind each entry point of a published package, by the name that users import. */
function entryPoints(): readonly (readonly [string, string])[] {
  return published().flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([key, target]) => {
      const source = typeof target === 'string' ? undefined : target['@muster/source'];
      if (source === undefined) return [];
      return [[manifest.name + key.slice(1), `${folder}/${source.replace('./', '')}`] as const];
    }),
  );
}

describe('the public names', () => {
  test.each(entryPoints())('of %s change only on purpose', async (name, file) => {
    const snapshot = `./__snapshots__/names/${name.replaceAll('/', '-')}.txt`;
    await expect(`${[...exportedNames(file).keys()].sort().join('\n')}\n`).toMatchFileSnapshot(snapshot);
  });

  test.each(entryPoints())('of %s are listed one by one', (_name, file) => {
    expect(exportedNames(file).has('*')).toBe(false);
  });
});

describe('every exported name says what it promises', () => {
  test.each(published().map(({ folder }) => folder))('in %s', (folder) => {
    const bare = trackedFiles(new RegExp(`^${folder}/src/.*\\.ts$`)).flatMap((file) => {
      const declarations = exportedDeclarations(file);
      const documented = new Set(declarations.filter((each) => each.documented).map(({ name }) => name));
      return declarations
        .filter((each) => !each.documented && !sharesComment(each.text, documented))
        .map(({ name }) => `${file}: ${name}`);
    });
    expect(bare).toEqual([]);
  });
});

/** `export type Status = (typeof STATUSES)[number]` is explained where STATUSES is. */
function sharesComment(text: string, documented: ReadonlySet<string>): boolean {
  const value = /^export type \w+ = [^;]*\btypeof (\w+)/.exec(text)?.[1];
  return value !== undefined && documented.has(value);
}
