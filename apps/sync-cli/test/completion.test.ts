import { spawnSync } from 'node:child_process';
import { SyncClient } from '@muster/socket/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { COMMANDS } from '../src/commands/table.ts';
import { splitWords } from '../src/completion/split-words.ts';
import { runHere, TestAgent } from './support/agent.ts';
import { ended, spawnShell } from './support/process.ts';

// Processes start slowly on a machine that does much else.
vi.setConfig({ testTimeout: 30_000 });

let agent: TestAgent;
beforeEach(async () => {
  agent = await TestAgent.listen();
  for (const unit of ['db', 'db:main', 'web server', 'module.dev["main"]', 'bad\u202ename']) agent.units.register(unit);
});
afterEach(() => agent[Symbol.asyncDispose]());

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

describe.each([
  ['bash', 'bash -n'],
  ['zsh', 'zsh -n'],
  ['fish', 'fish -n'],
])('the script for %s', (shell, check) => {
  test('is what muster completion prints', async () => {
    expect((await runHere(['completion', shell])).stdout).toMatchSnapshot();
  });

  test.skipIf(spawnSync(shell, ['--version']).error !== undefined)('is understood by the shell', async () => {
    const { stdout } = await runHere(['completion', shell]);
    const [program = '', ...argv] = check.split(' ');
    const { status, stderr } = spawnSync(program, argv, { input: stdout, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

test.skipIf(spawnSync('bash', ['--version']).error !== undefined)(
  'bash completes names with spaces, quotes and colons',
  async () => {
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
  },
);
