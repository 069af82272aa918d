import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeDropInCommands } from '../src/drop-in-commands.ts';
import { TemporaryDirectory } from './support/temporary-directory.ts';

let directory: TemporaryDirectory;
beforeEach(() => {
  directory = new TemporaryDirectory();
});
afterEach(() => directory[Symbol.dispose]());

/** A directory with the stand-ins of one agent. */
function standIns(name = "it's an agent's bin"): string {
  const path = directory.file(name);
  mkdirSync(path);
  expect(writeDropInCommands(path)).toEqual({ kind: 'written' });
  return path;
}

/** A program that prints its name and its arguments, and ends with 3. */
function program(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  const text = `#!/bin/sh\nprintf '%s' "${name}"\nprintf ' <%s>' "$@"\nexit 3\n`;
  writeFileSync(join(folder, name), text, { mode: 0o755 });
}

function run(path: readonly string[], argv: readonly [string, ...string[]]) {
  const [command, ...rest] = argv;
  const PATH = [...path, '/usr/bin', '/bin'].join(':');
  const options = { env: { PATH }, cwd: directory.path, encoding: 'utf8', timeout: 20_000 } as const;
  const script = `${command} "$@"`;
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script, 'sh', ...rest], options);
  return { status, stdout, stderr: stderr.replaceAll(directory.path, 'DIR') };
}

test('only the owner may run or read them', () => {
  const bin = standIns();
  for (const name of ['coder', 'gp']) expect(statSync(join(bin, name)).mode & 0o777).toBe(0o700);
});

test('what cannot be written is a reason, not an error', () => {
  expect(writeDropInCommands(directory.file('nowhere'))).toMatchObject({
    kind: 'missing',
    reason: expect.stringContaining('ENOENT'),
  });
});

describe('the commands for the order of scripts go to muster', () => {
  test.each([
    [['coder', 'exp', 'sync', 'want', 'a b', '$x'], 'muster <compat> <coder> <want> <a b> <$x>'],
    [['coder', 'exp', 'sync'], 'muster <compat> <coder>'],
    [['gp', 'sync-done', 'a b'], 'muster <compat> <gp> <sync-done> <a b>'],
    [['gp', 'sync-await', ''], 'muster <compat> <gp> <sync-await> <>'],
  ] as const)('%j', (argv, stdout) => {
    const bin = standIns();
    program(bin, 'muster');
    program(directory.file('real'), argv[0]);
    expect(run([bin, directory.file('real')], argv)).toEqual({ status: 3, stdout, stderr: '' });
  });
});

describe('any other use goes to the program later on the PATH, with its arguments and its exit code', () => {
  test.each([
    [['coder', 'ssh', 'a b', '*'], 'coder <ssh> <a b> <*>'],
    [['coder', 'exp', 'mcp'], 'coder <exp> <mcp>'],
    [['coder', 'exp'], 'coder <exp>'],
    [['coder', 'exp sync', ''], 'coder <exp sync> <>'],
    [['gp', 'url', '3000'], 'gp <url> <3000>'],
    [['gp', 'sync-done-x'], 'gp <sync-done-x>'],
  ] as const)('%j', (argv, stdout) => {
    const bin = standIns();
    program(bin, 'muster');
    program(directory.file('real one'), argv[0]);
    expect(run([bin, directory.file('real one')], argv)).toEqual({ status: 3, stdout, stderr: '' });
  });

  test('so does all use while there is no muster', () => {
    const bin = standIns();
    program(directory.file('real'), 'coder');
    const { stdout } = run([bin, directory.file('real')], ['coder', 'exp', 'sync', 'ping']);
    expect(stdout).toBe('coder <exp> <sync> <ping>');
  });

  test('what is no program is passed over, and so is what comes before on the PATH', () => {
    const bin = standIns();
    mkdirSync(directory.file('folder/gp'), { recursive: true });
    mkdirSync(directory.file('data'));
    writeFileSync(directory.file('data/gp'), 'no program');
    program(directory.file('real'), 'gp');
    program(directory.file('other'), 'gp');
    const path = [directory.file('folder'), bin, directory.file('data'), 'real', directory.file('other')];
    expect(run(path, ['gp', 'url'])).toMatchObject({ status: 3, stdout: 'gp <url>' });
  });

  test('called by its path it looks at all of the PATH', () => {
    const bin = standIns('bin');
    program(directory.file('real'), 'coder');
    expect(run([directory.file('real')], [`${bin}/coder`, 'ls'])).toMatchObject({ status: 3, stdout: 'coder <ls>' });
  });
});

describe('it never calls itself', () => {
  test('nor another agent’s, in a circle', () => {
    const [inner, outer] = [standIns('inner'), standIns('outer')];
    program(directory.file('real'), 'coder');
    expect(run([inner, outer, inner, directory.file('real')], ['coder', 'ls'])).toMatchObject({ status: 3 });
    expect(run([inner, outer], ['coder', 'ls'])).toMatchObject({ status: 127 });
  });

  test('by another spelling of its directory or a link', () => {
    const bin = standIns('bin');
    symlinkSync(bin, directory.file('link'));
    mkdirSync(directory.file('links'));
    symlinkSync(join(bin, 'coder'), directory.file('links/coder'));
    const path = [bin, directory.file('link'), `${directory.path}/./bin/`, directory.file('links'), 'bin'];
    expect(run(path, ['coder', 'ls'])).toMatchObject({ status: 127, stdout: '' });
  });
});

test('where there is no such program it says so, and ends as a shell does', () => {
  const bin = standIns();
  expect(run([bin], ['coder', 'ssh'])).toMatchInlineSnapshot(`
    {
      "status": 127,
      "stderr": "coder: no other coder comes later on the PATH; this one, of Muster, serves only "coder exp sync", and only while its command muster is installed.
    ",
      "stdout": "",
    }
  `);
  expect(run([bin], ['gp', 'url'])).toMatchInlineSnapshot(`
    {
      "status": 127,
      "stderr": "gp: no other gp comes later on the PATH; this one, of Muster, serves only "gp sync-done" and "gp sync-await", and only while its command muster is installed.
    ",
      "stdout": "",
    }
  `);
});
