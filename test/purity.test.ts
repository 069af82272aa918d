import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { ROOT } from './support/tracked-files.ts';
import { published } from './support/workspaces.ts';

const unit = path.join(ROOT, 'packages/unit');
const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  folder = undefined;
});

/** Compiles a source text as if it stood in packages/unit/src, and returns what the compiler says. */
async function compileInUnit(source: string): Promise<string> {
  folder = await mkdtemp(path.join(unit, '.probe-'));
  await writeFile(path.join(folder, 'probe.ts'), source);
  const options = {
    extends: '../tsconfig.json',
    include: ['probe.ts'],
    compilerOptions: { rootDir: '..', noEmit: true },
  };
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(options));
  const run = promisify(execFile)(process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
  return run.then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  );
}

describe('packages/unit is pure by its compiler options', () => {
  test('arithmetic compiles', async () => {
    expect(await compileInUnit('export const answer: number = 6 * 7;\n')).toBe('');
  });

  test.each([
    ['a file system', "import { readFileSync } from 'node:fs';\nexport const text = readFileSync('x');\n", 'TS2591'],
    ['a timer', 'setTimeout(() => undefined, 1);\nexport {};\n', 'TS2304'],
    ['a console', "console.log('x');\nexport {};\n", 'TS2584'],
    ['a process', 'export const pid = process.pid;\n', 'TS2591'],
    ['a network', "export const page = fetch('x');\n", 'TS2304'],
  ])('%s does not', async (_what, source, code) => {
    expect(await compileInUnit(source)).toContain(code);
  });

  test('it has no dependencies', () => {
    const { manifest } = published().find(({ folder: name }) => name === 'packages/unit')!;
    expect([manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('it reads no clock and rolls no dice', async () => {
    const { read, trackedFiles } = await import('./support/tracked-files.ts');
    const impure = trackedFiles(/^packages\/unit\/src\/.*\.ts$/).filter((file) =>
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\./.test(read(file)),
    );
    expect(impure).toEqual([]);
  });
});
