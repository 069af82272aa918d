import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writeMusterCommand } from '../src/muster-command.ts';
import { TemporaryDirectory } from './support/temporary-directory.ts';

test('the command runs the program of the package, with the agent’s Node and without its options', () => {
  using directory = new TemporaryDirectory();
  mkdirSync(directory.file("it's $HOME"));
  const manifest = directory.file("it's $HOME/package.json");
  writeFileSync(manifest, '{"bin":{"muster":"./cli.mjs"}}');
  writeFileSync(directory.file("it's $HOME/cli.mjs"), 'console.log(process.argv.slice(2), process.env.NODE_OPTIONS)');
  const command = writeMusterCommand(directory.path, manifest);
  expect(command).toEqual({ kind: 'written', path: directory.file('muster') });
  expect(statSync(directory.file('muster')).mode & 0o777).toBe(0o700);
  const output = execFileSync(directory.file('muster'), ['a b', '$x'], {
    env: { ...process.env, NODE_OPTIONS: '--no-such-option' },
    encoding: 'utf8',
  });
  expect(output).toBe("[ 'a b', '$x' ] undefined\n");
});

test('it is written anew when it is there', () => {
  using directory = new TemporaryDirectory();
  writeFileSync(directory.file('package.json'), '{"bin":{"muster":"./package.json"}}');
  writeFileSync(directory.file('muster'), 'old');
  expect(writeMusterCommand(directory.path, directory.file('package.json')).kind).toBe('written');
});

test('a package that is not built is a reason, not an error', () => {
  using directory = new TemporaryDirectory();
  writeFileSync(directory.file('package.json'), '{"bin":{"muster":"./dist/muster.js"}}');
  const command = writeMusterCommand(directory.path, directory.file('package.json'));
  expect(command.kind === 'missing' && command.reason).toContain('ENOENT');
  expect(existsSync(directory.file('muster'))).toBe(false);
});
