import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const GUARDS = new URL('../../src/process/guards.ts', import.meta.url).href;

function guarded(code: string) {
  const program = `import { guardProcess } from ${JSON.stringify(GUARDS)};\nguardProcess();\n${code}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
}

test.each([
  ['an error in a callback', 'setTimeout(() => { throw new TypeError("lost"); })'],
  [
    'a rejection that nobody handles',
    'void Promise.reject(new TypeError("lost")); setTimeout(() => undefined, 60_000);',
  ],
  ['a rejection of the program itself', 'await Promise.reject(new TypeError("lost"));'],
])('%s ends the process with 70 and one line', (_, code) => {
  const { status, stderr } = guarded(code);
  expect(status).toBe(70);
  const [line = '', ...rest] = stderr.trim().split('\n');
  expect(rest).toEqual([]);
  expect(JSON.parse(line)).toMatchObject({ level: 60, err: { type: 'TypeError', message: 'lost' } });
});
