import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openFileBudget } from '../src/files/open-files.ts';
import { lineOf, openFilesBelow } from './support/files.ts';
import { Rig, script } from './support/rig.ts';

const PROGRAM = fileURLToPath(new URL('support/many-runs.ts', import.meta.url));

function manyRuns(
  limit: number,
  options: { readonly scripts: number; readonly text: string; readonly hang?: boolean },
): { endings: string[]; told: number } {
  const command = `ulimit -n ${limit}; exec "$@"`;
  const args = [process.execPath, '--conditions=@muster/source', PROGRAM, JSON.stringify(options)];
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { stdout, stderr } = spawnSync('sh', ['-c', command, 'sh', ...args], { env, encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe.skipIf(!existsSync('/proc/self/limits'))('where few files may be open', () => {
  it('no script fails for that, however many there are', () => {
    expect(manyRuns(160, { scripts: 60, text: 'sleep 0.3' })).toEqual({ endings: ['succeeded'], told: 0 });
  });

  it('nor for a sink that never answers: the oldest logs are given up, and each is told', () => {
    // 400 logs of a line each: of the first, nothing is missing.
    expect(manyRuns(160, { scripts: 200, text: 'echo x; echo y >&2', hang: true })).toEqual({
      endings: ['succeeded'],
      told: 399,
    });
  });
});

it.skipIf(!existsSync('/proc/self/fd'))('a run costs one descriptor for each of its logs, to read it', async () => {
  await using rig = new Rig();
  const [begun, end] = [rig.path('begun'), rig.path('end')];
  const text = `echo >${begun}; while ! [ -e ${end} ]; do sleep 0.01; done`;
  const running = rig.start(script('a', text, { output: 'split' }));
  await lineOf(begun);
  while (openFilesBelow(rig.directory).length > 2) await setImmediate();
  writeFileSync(end, '');
  await running;
});

it('at least one script runs, and more where the limit is higher', () => {
  const runs = [16, 128, 1024, 1_048_576].map((limit) => openFileBudget(limit).runs);
  expect(runs).toEqual([1, 12, 208, 229_360]);
});
