import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SyncClient } from '../src/client/index.ts';
import { Child } from './support/processes.ts';
import { temporaryDirectory } from './support/temp-directory.ts';
import { listen, UnixServer } from './support/unix-server.ts';

/** Leaves a socket that nobody listens on, as an agent does that is killed. */
async function leaveStaleSocket(path: string): Promise<void> {
  await using child = await Child.server(path);
  expect(await child.serve()).toHaveProperty('listening');
  child.process.kill('SIGKILL');
  await child.exited;
  expect(lstatSync(path).isSocket()).toBe(true);
}

test('the directory is made 0700 and the socket 0600, whatever the umask', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'deep', 'er', 'agent.sock');
  const umask = process.umask(0);
  await using _ = await listen(path);
  expect(process.umask(umask)).toBe(0);
  const modeOf = (file: string): string => (statSync(file).mode & 0o7777).toString(8);
  expect([join(directory.path, 'deep'), join(directory.path, 'deep', 'er'), path].map(modeOf)).toEqual([
    '700',
    '700',
    '600',
  ]);
  expect([join(path, '..', 'agent.lock'), join(path, '..', 'agent.pid')].map(modeOf)).toEqual(['600', '600']);
});

describe.each(['nothing', 'a stale socket'])('eight servers at once on %s', (what) => {
  test('exactly one gets it, and the others learn its pid', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'agent.sock');
    if (what === 'a stale socket') await leaveStaleSocket(path);
    const children = await Promise.all(Array.from({ length: 8 }, () => Child.server(path)));
    try {
      const results = await Promise.all(children.map((child) => child.serve()));
      const owners = results.flatMap(({ listening }) => listening ?? []);
      expect(owners).toHaveLength(1);
      const losers = results.filter(({ code }) => code !== undefined);
      expect(losers).toHaveLength(7);
      for (const loser of losers) expect(loser).toMatchObject({ code: 'in_use', ownerPid: owners[0] });
      await using client = await SyncClient.connect({ path });
      expect(await client.call('ping', {})).toMatchObject({ pid: owners[0] });
    } finally {
      await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
    }
  }, 30_000);
});

const LOCK_HOLDER = `
  const { DatabaseSync } = require('node:sqlite');
  new DatabaseSync(process.argv[1]).exec('BEGIN EXCLUSIVE');
  console.log('held');
  process.stdin.resume();
`;

test('the lock alone keeps others out, before there is a socket, and ends with its process', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'agent.sock');
  await using owner = new Child(process.execPath, [
    '--no-warnings',
    '-e',
    LOCK_HOLDER,
    join(directory.path, 'agent.lock'),
  ]);
  expect(await owner.line()).toBe('held');
  await expect(listen(path)).rejects.toMatchObject({ code: 'in_use' });
  owner.process.kill('SIGKILL');
  await owner.exited;
  await using server = await listen(path);
  expect(server.path).toBe(path);
});

test('a second server in one process loses too, and the first goes on', async () => {
  await using server = await UnixServer.open();
  await expect(listen(server.path)).rejects.toMatchObject({
    code: 'in_use',
    message: `the agent with pid ${process.pid} serves from ${JSON.stringify(join(server.path, '..'))} already.`,
  });
  await using client = await server.client();
  expect(await client.call('ping', {})).toMatchObject({ state: 'ready' });
});

test('a closed server leaves room for the next one', async () => {
  await using server = await UnixServer.open();
  await server.server.close();
  await using next = await listen(server.path);
  expect(next.path).toBe(server.path);
});

test('a regular file at the path stays as it is', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'agent.sock');
  writeFileSync(path, 'precious');
  await expect(listen(path)).rejects.toMatchObject({ code: 'not_a_socket' });
  expect(readFileSync(path, 'utf8')).toBe('precious');
});

test('a link at the path is not followed', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'agent.sock');
  symlinkSync('/nowhere', path);
  await expect(listen(path)).rejects.toMatchObject({ code: 'not_a_socket' });
});

test('a live socket of a server without the lock is never replaced', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'agent.sock');
  const foreign = createServer().listen(path);
  await new Promise((resolve) => foreign.once('listening', resolve));
  const { ino } = lstatSync(path);
  await expect(listen(path)).rejects.toMatchObject({ code: 'in_use', facts: { path } });
  expect(lstatSync(path).ino).toBe(ino);
  await new Promise((resolve) => foreign.close(resolve));
});

test('a closing server leaves a file at its path that is no longer its own', async () => {
  await using server = await UnixServer.open();
  renameSync(server.path, `${server.path}.old`);
  writeFileSync(server.path, 'another');
  await server.server.close();
  expect(readFileSync(server.path, 'utf8')).toBe('another');
});

test('a server that could not listen holds nothing back', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'agent.sock');
  writeFileSync(path, '');
  await expect(listen(path)).rejects.toMatchObject({ code: 'not_a_socket' });
  rmSync(path);
  await using server = await listen(path);
  expect(existsSync(server.path)).toBe(true);
});

test.each([
  ['', 'path_invalid', 'it is empty'],
  ['relative/agent.sock', 'path_invalid', 'it is relative'],
  ['/tmp/a\0b', 'path_invalid', 'it has a NUL character'],
  ['/tmp/directory/', 'path_invalid', 'it names a directory'],
  [`/tmp/${'x'.repeat(103)}`, 'path_too_long', 'is 108 bytes long; the limit is 107'],
  [`/tmp/${'ü'.repeat(52)}`, 'path_too_long', 'is 109 bytes long; the limit is 107'],
  [`/tmp/${'x'.repeat(4_000)}`, 'path_too_long', 'is 4005 bytes long'],
])('the path %j is refused before anything is touched', async (path, code, problem) => {
  const refusal = expect.objectContaining({
    code,
    message: expect.stringContaining(problem),
    hint: expect.stringContaining('--socket'),
  });
  await expect(listen(path)).rejects.toEqual(refusal);
  await expect(SyncClient.connect({ path })).rejects.toEqual(refusal);
});

test('a path of exactly 107 bytes works', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'x'.repeat(106 - directory.path.length));
  expect(Buffer.byteLength(path)).toBe(107);
  await using _ = await listen(path);
  await using client = await SyncClient.connect({ path });
  expect(await client.call('ping', {})).toMatchObject({ socket: path });
});

test('a directory that others may enter is refused with the reason and the remedy', async () => {
  using directory = temporaryDirectory();
  chmodSync(directory.path, 0o755);
  await expect(listen(join(directory.path, 'agent.sock'))).rejects.toMatchObject({
    code: 'directory_insecure',
    message: `the directory ${JSON.stringify(directory.path)} can't hold the socket: other users may use it (its mode is 0755).`,
    hint: expect.stringContaining(`chmod 700 ${directory.path}`),
  });
});

test('a socket straight in /tmp is refused, and nobody is told to change the mode of /tmp', async () => {
  const refusal = await listen('/tmp/muster-test.sock').catch((error) => error);
  expect(refusal).toMatchObject({ code: 'directory_insecure' });
  expect(refusal.hint).not.toContain('chmod');
});

test('a link to a directory is refused', async () => {
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, 'real'), { mode: 0o700 });
  symlinkSync(join(directory.path, 'real'), join(directory.path, 'link'));
  await expect(listen(join(directory.path, 'link', 'agent.sock'))).rejects.toMatchObject({
    code: 'directory_insecure',
    message: expect.stringContaining('symbolic link'),
  });
});

test('a directory that anyone may replace is refused', async () => {
  using directory = temporaryDirectory();
  const shared = join(directory.path, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o777);
  await expect(listen(join(shared, 'mine', 'agent.sock'))).rejects.toMatchObject({
    code: 'directory_insecure',
    message: expect.stringContaining('every user may replace it'),
  });
});

test('a file where the directory should be is named', async () => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, 'file'), '');
  await expect(listen(join(directory.path, 'file', 'agent.sock'))).rejects.toMatchObject({
    code: 'directory_unwritable',
  });
});

// Node's own mkdir with `recursive` never returns here, so a fault would stop this test from ending.
test.skipIf(!existsSync('/proc/self'))('a directory that the kernel will not make is refused', async () => {
  await expect(listen('/proc/muster/run/agent.sock')).rejects.toMatchObject({
    code: 'directory_unwritable',
    message: expect.stringContaining('"/proc/muster/run"'),
  });
});

test('a directory is made with all that is missing above it, each closed to others', async () => {
  using directory = temporaryDirectory();
  await using _server = await listen(join(directory.path, 'a', 'b', 'c', 'agent.sock'));
  const modes = ['a', 'a/b', 'a/b/c'].map((name) => (statSync(join(directory.path, name)).mode & 0o777).toString(8));
  expect(modes).toEqual(['700', '700', '700']);
});

const isRoot = process.getuid?.() === 0;
if (!isRoot) process.stderr.write('SKIPPED: the tests with a second user need root.\n');

describe.skipIf(!isRoot)('another user', () => {
  const OTHER = 65_534;

  test('cannot connect, even to a socket whose path it knows', async () => {
    await using server = await UnixServer.open();
    const script = `require('node:net').connect(process.argv[1]).on('error', (e) => console.log(e.code)).on('connect', () => console.log('CONNECTED'))`;
    await using child = new Child(process.execPath, ['-e', script, server.path], { uid: OTHER });
    expect(await child.line()).toBe('EACCES');
    // Outside of the directory the mode of the socket itself holds.
    using open = temporaryDirectory();
    chmodSync(open.path, 0o755);
    const exposed = join(open.path, 'exposed');
    linkSync(server.path, exposed);
    await using second = new Child(process.execPath, ['-e', script, exposed], { uid: OTHER });
    expect(await second.line()).toBe('EACCES');
  });

  test('cannot have its directory taken for ours', async () => {
    using directory = temporaryDirectory();
    chmodSync(directory.path, 0o1777);
    const squatted = join(directory.path, 'muster');
    const script = `require('node:fs').mkdirSync(process.argv[1], { mode: 0o700 })`;
    await using child = new Child(process.execPath, ['-e', script, squatted], { uid: OTHER });
    await child.exited;
    await expect(listen(join(squatted, 'agent.sock'))).rejects.toMatchObject({
      code: 'directory_insecure',
      message: expect.stringContaining('it belongs to the user 65534'),
    });
  });
});
