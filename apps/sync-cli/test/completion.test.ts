import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SyncClient } from '@muster/socket/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { COMMANDS } from '../src/commands/table.ts';
import { splitWords } from '../src/completion/split-words.ts';
import { runHere, TestAgent } from './support/agent.ts';
import { ended, MUSTER_COMMAND, spawnShell } from './support/process.ts';

// Processes start slowly on a machine that does much else.
vi.setConfig({ testTimeout: 30_000 });

let agent: TestAgent;
let directory: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'muster-completion-'));
  agent = await TestAgent.listen();
  for (const unit of ['db', 'db:main', 'web server', 'module.dev["main"]', 'bad\u202ename']) agent.units.register(unit);
});
afterEach(async () => {
  await agent[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

const offered = async (...words: string[]): Promise<string[]> => {
  const { stdout } = await agent.run(['__complete', '--', ...words]);
  return stdout.split('\n').slice(0, -1);
};

describe('what is offered', () => {
  test('is a command at first', async () => {
    expect(await offered('')).toEqual(COMMANDS.filter(({ hidden }) => !hidden).map(({ name }) => name));
    expect(await offered('st')).toEqual(['start', 'status']);
    expect(await offered('--')).toEqual(['--help', '--version']);
  });

  test('is the names of units where one may stand, except for those that would not show', async () => {
    expect(await offered('start', '')).toEqual(['db', 'db:main', 'module.dev["main"]', 'web server']);
    expect(await offered('want', 'db', 'd')).toEqual(['db:main']);
    expect(await offered('start', 'db', '')).toEqual([]);
    expect(await offered('list', '')).toEqual([]);
    expect(await offered('start', 'db', '--needs', 'db')).toEqual(['db', 'db:main']);
    expect(await offered('start', '--needs', 'db', 'web')).toEqual(['web server']);
  });

  test('is the options of the command, and their values', async () => {
    expect(await offered('complete', '--o')).toEqual(['--outcome']);
    expect(await offered('complete', 'db', '--outcome', 's')).toEqual(['succeeded', 'skipped']);
    expect(await offered('start', '--timeout', '')).toEqual([]);
    expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  test('is what comes before the command to run, and none of its words', async () => {
    expect(await offered('run', 'd')).toEqual(['db', 'db:main']);
    expect(await offered('run', 'db', '')).toEqual(['--']);
    expect(await offered('run', 'db', '--', '')).toEqual([]);
    expect(await offered('run', 'db', '--', '--n')).toEqual([]);
  });

  test('is the locks that are held, where one may stand', async () => {
    await using client = await SyncClient.connect({ path: agent.socket });
    await client.call('sync.lock', { name: 'apt' });
    expect(await offered('lock', '')).toEqual(['apt']);
    expect(await offered('lock', 'apt', '')).toEqual(['--']);
  });

  test('is no unit and no error without an agent', async () => {
    const ran = await runHere(['__complete', '--', 'start', ''], { env: { MUSTER_SOCKET: '/nowhere/agent.sock' } });
    expect(ran).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

test.each([
  ['muster ', ['muster', '']],
  ['muster start d', ['muster', 'start', 'd']],
  ['muster start web\\ s', ['muster', 'start', 'web s']],
  ["muster start 'web s", ['muster', 'start', 'web s']],
  ['muster start "a \\"b', ['muster', 'start', 'a "b']],
  ['muster start "web server" ', ['muster', 'start', 'web server', '']],
  ['muster a\'b\'c"d"', ['muster', 'abcd']],
])('the line %j has the words %j', (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

const isMissing = (shell: string): boolean => spawnSync(shell, ['--version']).error !== undefined;

describe.each([
  ['bash', '-n'],
  ['zsh', '-n'],
  ['fish', '--no-execute'],
])('the script for %s', (shell, check) => {
  test('is what muster completion prints', async () => {
    expect((await runHere(['completion', shell])).stdout).toMatchSnapshot();
  });

  test.skipIf(isMissing(shell))('is understood by the shell', async () => {
    const file = join(directory, 'script');
    writeFileSync(file, (await runHere(['completion', shell])).stdout);
    const { status, stderr } = spawnSync(shell, [check, file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

test.skipIf(isMissing('bash'))('bash completes names with spaces, quotes and colons', async () => {
  const complete = (line: string, words: string): string => `
    COMP_LINE=${line} COMP_POINT=\${#COMP_LINE} COMP_WORDS=(${words}) COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _muster; printf '<%s>' "\${COMPREPLY[@]}"; echo`;
  const script = [
    'source <(muster completion bash)',
    complete(`'muster sta'`, 'muster sta'),
    complete(`'muster start w'`, 'muster start w'),
    complete(`'muster start mod'`, 'muster start mod'),
    complete(`'muster start db:m'`, 'muster start db : m'),
    complete(`'muster start db:'`, 'muster start db :'),
  ].join('\n');
  const { stdout, stderr } = await ended(spawnShell(script, { MUSTER_SOCKET: agent.socket }, 'bash'));
  expect(stderr).toBe('');
  expect(stdout).toMatchInlineSnapshot(`
    "<start><status>
    <web\\ server>
    <module.dev\\[\\"main\\"\\]>
    <main>
    <main>
    "
  `);
});

/** Runs a script of a shell that finds the command on its PATH. */
async function complete(shell: string, script: readonly string[]): Promise<string> {
  writeFileSync(join(directory, 'muster'), `#!/bin/sh\nexec ${MUSTER_COMMAND} "$@"\n`, { mode: 0o755 });
  const argv = shell === 'zsh' ? ['-f', '-c'] : ['-c'];
  const env = { PATH: `${directory}:${process.env.PATH}`, HOME: directory, MUSTER_SOCKET: agent.socket };
  const { stdout, stderr } = await ended(
    spawn(shell, [...argv, script.join('\n')], { stdio: ['ignore', 'pipe', 'pipe'], env }),
  );
  expect(stderr).toBe('');
  return stdout;
}

/** Command lines that every shell has to go on with in the same way. */
const UNFINISHED = ['muster sta', 'muster start w', 'muster start mod', 'muster start db:m', 'muster run b --needs d'];

test.skipIf(isMissing('fish'))('fish completes names with spaces, quotes and colons', async () => {
  const script = UNFINISHED.map((line) => `complete --do-complete '${line}'; echo .`);
  expect(await complete('fish', ['muster completion fish | source', ...script])).toMatchInlineSnapshot(`
    "start
    status
    .
    web server
    .
    module.dev["main"]
    .
    db:main
    .
    db
    db:main
    .
    "
  `);
});

test.skipIf(isMissing('zsh'))('zsh completes names with spaces, quotes and colons', async () => {
  // Outside of an interactive shell the builtins of completion are not there; what they are told is what counts.
  const script = UNFINISHED.map((line) => `words=(${line}) CURRENT=$#words; _muster; echo .`);
  const builtins = ['compdef() { : }', 'compadd() { shift; print -rl -- "$@" }'];
  expect(await complete('zsh', [...builtins, 'eval "$(muster completion zsh)"', ...script])).toMatchInlineSnapshot(`
    "start
    status
    .
    web server
    .
    module.dev["main"]
    .
    db:main
    .
    db
    db:main
    .
    "
  `);
});
