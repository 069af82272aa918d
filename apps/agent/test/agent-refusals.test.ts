import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { AgentProcess, type LogRecord } from './support/agent-process.ts';
import { TemporaryDirectory } from './support/temporary-directory.ts';

// Each test starts real processes; a busy machine needs seconds for that.
vi.setConfig({ testTimeout: 30_000 });

const EMPTY = 'version: 1\nscripts: {}\n';

async function refused(agent: AgentProcess): Promise<{ code: number | null; record: LogRecord | undefined }> {
  const { code } = await agent.exit;
  return { code, record: agent.records.at(-1) };
}

test('a socket that another agent owns makes the exit code 75 and names the owner', async () => {
  await using owner = new AgentProcess(EMPTY);
  await owner.state('ready');
  const second = new AgentProcess(EMPTY, { directory: owner.directory });
  const { code, record } = await refused(second);
  expect(code).toBe(75);
  expect(record).toMatchObject({ code: 'in_use', ownerPid: owner.child.pid });
  await using client = await owner.client();
  expect(await client.call('ping', {})).toMatchObject({ pid: owner.child.pid });
});

test('a bad manifest makes the exit code 78, every problem in one record', async () => {
  await using agent = new AgentProcess('version: 1\nscripts:\n  a: { rum: secret }\n');
  const { code, record } = await refused(agent);
  expect(code).toBe(78);
  expect(record).toMatchObject({
    code: 'invalid_manifest',
    problems: [
      { line: 3, column: 3 },
      { line: 3, column: 8 },
    ],
  });
  expect(agent.stderr).not.toContain('secret');
});

test.each([
  ['a word after a value', 'a: { run: "x" } secret'],
  ['a bracket too many', 'a: { run: "x" }\n  } secret: y'],
  ['a value that begins like an alias', 'a: { run: x, env: { P: *secret } }'],
  ['a value that begins like a tag', 'a: { run: x, env: { P: !secret } }'],
  ['a block that is not indented', 'a:\n    run: |secret\n      x'],
  ['text between quotation marks that goes on', 'a: { run: "x"secret }'],
])('what is not YAML does not reach the log: %s', async (_, script) => {
  await using agent = new AgentProcess(`version: 1\nscripts:\n  ${script}\n`);
  expect((await refused(agent)).code).toBe(78);
  expect(agent.stderr).not.toContain('secret');
});

test('a socket path that is too long makes the exit code 2', async () => {
  await using agent = new AgentProcess(EMPTY, { args: ['--socket', `/tmp/${'x'.repeat(200)}`] });
  expect(await refused(agent)).toMatchObject({ code: 2, record: { code: 'path_too_long' } });
});

test('a file in the place of the socket makes the exit code 73 and stays', async () => {
  using directory = new TemporaryDirectory();
  mkdirSync(directory.file('run'), { mode: 0o700 });
  writeFileSync(directory.file('run/a.sock'), 'mine');
  const agent = new AgentProcess(EMPTY, { directory });
  expect(await refused(agent)).toMatchObject({ code: 73, record: { code: 'not_a_socket' } });
});

test('a state directory that is a link or open to others makes the exit code 73', async () => {
  using directory = new TemporaryDirectory();
  mkdirSync(directory.file('open'));
  chmodSync(directory.file('open'), 0o777);
  symlinkSync('open', directory.file('link'));
  const link = new AgentProcess(EMPTY, { directory, args: ['--state-dir', directory.file('link')] });
  expect(await refused(link)).toMatchObject({ code: 73, record: { code: 'state_directory_insecure' } });
  const open = new AgentProcess(EMPTY, { directory, args: ['--state-dir', directory.file('open')] });
  expect(await refused(open)).toMatchObject({ code: 73, record: { code: 'state_directory_insecure' } });
});
