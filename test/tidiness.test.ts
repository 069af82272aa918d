import { describe, expect, test } from 'vitest';
import { read, trackedFiles } from './support/tracked-files.ts';
import { published, workspaceSettings, workspaces } from './support/workspaces.ts';

const texts = trackedFiles().filter((file) => !/\.(?:png|gif|ico)$/.test(file) && file !== 'test/tidiness.test.ts');
const { catalog, allowBuilds } = workspaceSettings();

function filesWith(pattern: RegExp): readonly string[] {
  return texts.flatMap((file) => [...read(file).matchAll(pattern)].map(([found]) => `${file}: ${found}`));
}

const dependenciesOf = ({ manifest }: ReturnType<typeof workspaces>[number]) =>
  Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });

describe('what stands in files', () => {
  test('no path of one machine', () => {
    expect(filesWith(/\/(?:root|work\/(?:main|shared)|Users\/\w+)\/\S*/g)).toEqual([]);
  });

  test('no host of a package registry', () => {
    expect(filesWith(/\bregistry\.\w[\w.-]+|\bnpm\.pkg\.\S+|artifactory|_authToken/g)).toEqual([]);
  });

  test('no address in the lock file', () => {
    expect(read('pnpm-lock.yaml')).not.toMatch(/tarball:|https?:\/\//);
  });

  test('every text ends with one line break', () => {
    const untidy = texts.filter((file) => !/__snapshots__/.test(file) && /\.(?:ts|md|json|ya?ml|sh)$/.test(file));
    expect(untidy.filter((file) => !/[^\n]\n$/.test(read(file)))).toEqual([]);
  });
});

describe('versions', () => {
  test.each(workspaces())('of $folder come from the catalog or from the workspace', (workspace) => {
    const own = dependenciesOf(workspace).filter(([, version]) => version !== 'catalog:' && version !== 'workspace:^');
    expect(own).toEqual([]);
  });

  test('in the catalog are exact, so that a clone builds tomorrow what it builds today', () => {
    expect(Object.entries(catalog).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  // No workspace: what is only compared with must not make the install of the repository heavier, so the catalog lacks it.
  test('of what the benchmarks compare with are exact, and stay out of the workspaces', () => {
    const peers = 'benchmarks/peers';
    const versions: Readonly<Record<string, string>> = JSON.parse(read(`${peers}/package.json`)).dependencies;
    expect(Object.entries(versions).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(workspaces().map(({ folder }) => folder)).not.toContain(peers);
  });

  test('in the catalog are all in use', () => {
    const used = new Set(workspaces().flatMap((workspace) => dependenciesOf(workspace).map(([name]) => name)));
    expect(Object.keys(catalog).filter((name) => !used.has(name))).toEqual([]);
  });
});

describe('installing', () => {
  test('runs the scripts of these packages and of no other', () => {
    expect(allowBuilds).toEqual({ esbuild: true, node: true });
  });

  test.each(workspaces())('runs nothing of $folder', ({ manifest }) => {
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => hooks.includes(name))).toEqual([]);
  });
});

describe('what is published', () => {
  test('comes under the MIT licence', () => {
    expect(read('LICENSE')).toMatch(/^MIT License\n\nCopyright \(c\) The Muster authors\n/);
  });

  test.each(published())(
    '$folder names licence, purpose and Node version, and ships only what it built',
    ({ manifest }) => {
      expect(manifest).toMatchObject({
        license: 'MIT',
        description: expect.stringMatching(/\.$/),
        engines: { node: '>=22.18' },
        publishConfig: { access: 'public' },
      });
      expect(manifest.files?.[0]).toBe('dist');
    },
  );

  test.each(published())('$folder has a README', ({ folder, manifest }) => {
    expect(trackedFiles()).toContain(`${folder}/README.md`);
    expect(read(`${folder}/README.md`)).toContain(manifest.name);
  });

  test.each(workspaces().filter(({ folder }) => !/^(packages|apps)\//.test(folder)))(
    '$folder is private',
    ({ manifest }) => {
      expect(manifest.private).toBe(true);
    },
  );
});
