import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../src/commands/table.ts';
import { runHere, screen } from './support/agent.ts';

const shown = async (...argv: string[]): Promise<string> => screen(await runHere(argv));

describe('help', () => {
  test('of muster', async () => {
    expect(await shown('--help')).toMatchSnapshot();
    expect(await shown('help')).toBe(await shown('-h'));
  });

  test.each(COMMANDS.filter(({ hidden }) => !hidden).map(({ name }) => name))('of %s', async (name) => {
    expect(await shown(name, '--help')).toMatchSnapshot();
    expect(await shown('help', name)).toBe(await shown(name, '-h'));
  });

  test('wins over other mistakes', async () => {
    expect((await runHere(['start', '--nonsense', '-h'])).exitCode).toBe(0);
  });
});

test('--version', async () => {
  expect(await shown('--version')).toBe('exit 0\n-- stdout\nmuster source\n');
});

test('options of one name take a value in every command or in none', () => {
  const kinds = new Map<string, boolean>();
  for (const { options } of COMMANDS) {
    for (const [name, { value }] of Object.entries(options)) {
      expect(kinds.get(name) ?? value !== undefined, name).toBe(value !== undefined);
      kinds.set(name, value !== undefined);
    }
  }
});

test.each([
  [[]],
  [['lst']],
  [['frobnicate']],
  [['help', 'strat']],
  [['--jsn']],
  [['list', '--jsn']],
  [['list', '-x']],
  [['list', 'a']],
  [['ping', 'a']],
  [['list', '--json=yes']],
  [['list', '--socket']],
  [['list', '--socket', '--json']],
  [['list', '--color', 'alway']],
  [['want', 'a']],
  [['want']],
  [['want', '--self', 'a']],
  [['want', 'a', 'b', '--requires', 'complete']],
  [['start']],
  [['start', 'a', 'b']],
  [['start', 'a', '--timeout', '30']],
  [['start', 'a', '--timeout', 'soon']],
  [['start', 'a', '--timeout', '25d']],
  [['complete', 'a', '--exit-code', '256']],
  [['complete', 'a', '--exit-code=-1']],
  [['complete', 'a', '--failed', '--exit-code', '0']],
  [['complete', 'a', '--failed', '--outcome', 'skipped']],
  [['start', 'a', '--hold', '--pid', '12']],
  [['start', 'a', '--pid', '1']],
  [['start', 'a', '--needs', 'b', '--after', 'b']],
  [['want', 'a', 'b', '--needs', 'b']],
  [['complete', 'a', '--skipped', '--failed']],
  [['complete', 'a', '--skipped', '--exit-code', '0']],
  [['fail']],
  [['run']],
  [['run', 'a', 'npm', 'ci', '--prefer-offline']],
  [['run', 'a', '--']],
  [['run', '--', 'npm', 'ci']],
  [['run', 'a', 'b', '--', 'npm', 'ci']],
  [['lock', '--', 'make']],
  [['lock', 'a', 'make']],
  [['lock', 'a', '--limit', '0', '--', 'make']],
  [['wait']],
  [['wait', 'a', '--for', 'success']],
  [['wait', 'a', '--all']],
  [['wait', '--all', '--any']],
  [['why', 'a', 'b']],
  [['log', 'a']],
  [['logs']],
  [['logs', 'a', '--tail', 'all']],
  [['logs', 'a', '--run', '0']],
  [['logs', 'a', '--json', '--path']],
  [['logs', 'a', '--path', '-f']],
  [['logs', 'a', '--json', '--tail', '3']],
  [['completion']],
  [['completion', 'zhs']],
  [['list', '--jsn', '--json']],
])('muster %j is refused with what to do about it', async (argv) => {
  const ran = await runHere(argv);
  expect(ran.exitCode).toBe(2);
  expect(screen(ran)).toMatchSnapshot();
});

test('more units than an agent lets one connection wait for can not be followed', async () => {
  const ran = await runHere(['logs', '-f', ...Array.from({ length: 61 }, (_, index) => `unit-${index}`)]);
  expect(screen(ran)).toMatchInlineSnapshot(`
    "exit 2
    -- stderr
    error: 61 units are too many to follow at once.
    hint: Name 60 at the most in one command.
    "
  `);
});

test('a script learns how to name its own unit', async () => {
  const ran = await runHere(['want', 'db'], { env: { MUSTER_UNIT: 'me' } });
  expect(ran.stderr).toContain('muster want --self db');
});

test('-- ends the options', async () => {
  const ran = await runHere(['status', '--socket', '/nowhere', '--', '--help']);
  expect(ran.exitCode).toBe(69);
});

test.each([
  ['on a terminal', { isTTY: true }, true],
  ['not on a pipe', { isTTY: false }, false],
  ['not with NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, false],
  ['on a terminal with an empty NO_COLOR', { isTTY: true, env: { NO_COLOR: '' } }, true],
  ['not on a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }, false],
  ['on a pipe with FORCE_COLOR', { env: { FORCE_COLOR: '1' } }, true],
  ['not with FORCE_COLOR=0', { isTTY: true, env: { FORCE_COLOR: '0' } }, false],
  ['not with both', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }, false],
])('errors are coloured %s', async (_where, more, colored) => {
  expect((await runHere(['lst'], more)).stderr.includes('\x1b[')).toBe(colored);
});

test('--color wins over the environment', async () => {
  const never = await runHere(['list', '--socket', '/nowhere', '--color', 'never'], { isTTY: true });
  const always = await runHere(['list', '--socket', '/nowhere', '--color', 'always'], { env: { NO_COLOR: '1' } });
  expect([never.stderr.includes('\x1b['), always.stderr.includes('\x1b[')]).toEqual([false, true]);
});
