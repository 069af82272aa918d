import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { TemporaryDirectory } from '../support/temporary-directory.ts';

vi.setConfig({ testTimeout: 30_000 });

const PROGRAM = fileURLToPath(new URL('../../src/muster-agent.ts', import.meta.url));

/** What one byte after the other is read of before the rest: more than a pipe holds. */
const SLOW_BYTES = 80_000;

/** Runs the agent with its output in a real pipe, or in a file. */
function shell(directory: TemporaryDirectory, sink: string, ...args: string[]) {
  const text = `{ "$@"; echo $? >code; } ${sink}`;
  const command = ['-c', text, 'sh', process.execPath, '--conditions=@muster/source', PROGRAM, ...args];
  const env = { PATH: process.env.PATH, HOME: directory.path };
  const { stdout, stderr } = spawnSync('sh', command, { cwd: directory.path, env, encoding: 'utf8' });
  return { code: Number(readFileSync(directory.file('code'), 'utf8')), stdout, stderr };
}

function manifest(directory: TemporaryDirectory, script: (id: string) => string): void {
  const scripts = Array.from({ length: 1500 }, (_, index) => `  ${script(`script-${index}`)}\n`);
  writeFileSync(directory.file('w.yaml'), `version: 1\nscripts:\n${scripts.join('')}`);
}

const SLOWLY = `| { dd bs=1 count=${SLOW_BYTES} 2>dd; cat; }`;

test('check --json reaches a slow reader whole', () => {
  using directory = new TemporaryDirectory();
  manifest(directory, (id) => `${id}: { run: x }`);
  const { code, stdout } = shell(directory, SLOWLY, 'check', 'w.yaml', '--json');
  expect(code).toBe(0);
  expect(stdout.length).toBeGreaterThan(2 * SLOW_BYTES);
  expect(JSON.parse(stdout).scripts).toHaveLength(1500);
});

test('so do the words of check, on standard output and on standard error', () => {
  using directory = new TemporaryDirectory();
  manifest(directory, (id) => `${id}: { run: x, timeout: 5m, needs: ${id === 'script-0' ? 'script-1499' : '[]'} }`);
  const right = shell(directory, SLOWLY, 'check', 'w.yaml');
  expect(right.code).toBe(0);
  expect(right.stdout.split('\n')).toHaveLength(1500 + 4);
  manifest(directory, (id) => `${id}: { run: x, needs: no-such-script-at-all }`);
  const wrong = shell(directory, `2>&1 ${SLOWLY}`, 'check', 'w.yaml');
  expect(wrong.code).toBe(78);
  expect(wrong.stdout.length).toBeGreaterThan(2 * SLOW_BYTES);
  expect(wrong.stdout).toMatch(/script-1499/);
});

test.each([[['check', 'w.yaml', '--json']], [['check', 'w.yaml']], [['schema']], [['--help']], [['--version']]])(
  'on a full disk, %j exits with 74 and says so in one line',
  (args) => {
    using directory = new TemporaryDirectory();
    manifest(directory, (id) => `${id}: { run: x }`);
    expect(shell(directory, '>/dev/full', ...args)).toEqual({
      code: 74,
      stdout: '',
      stderr: 'muster-agent: the output could not be written: ENOSPC: no space left on device, write\n',
    });
  },
);

test('a reader that has seen enough is no trouble', () => {
  using directory = new TemporaryDirectory();
  manifest(directory, (id) => `${id}: { run: x }`);
  expect(shell(directory, '| head -1', 'check', 'w.yaml', '--json')).toEqual({ code: 0, stdout: '{\n', stderr: '' });
});

test('a command that waits for its reader is ended by a signal', async () => {
  using directory = new TemporaryDirectory();
  manifest(directory, (id) => `${id}: { run: x }`);
  const args = ['--conditions=@muster/source', PROGRAM, 'check', 'w.yaml', '--json'];
  const child = spawn(process.execPath, args, { cwd: directory.path, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'readable');
  child.kill('SIGTERM');
  const [code, signal] = await once(child, 'exit');
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGTERM' });
});
