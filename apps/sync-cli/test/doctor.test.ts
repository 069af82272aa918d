import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { judgeSpace } from '../src/doctor/checks/disk-space.ts';
import { judgeFileLimit } from '../src/doctor/checks/file-limit.ts';
import { nodeVersionCheck } from '../src/doctor/checks/node-version.ts';
import { CHECKS } from '../src/doctor/checks/table.ts';
import type { CheckedFinding } from '../src/doctor/render-findings.ts';
import { type Ran, runHere, screen, TestAgent } from './support/agent.ts';
import { FakeAgent } from './support/fake-agent.ts';
import { ended, spawnMuster } from './support/process.ts';

const isRoot = process.geteuid?.() === 0;
const isLinux = process.platform === 'linux';

let root: string;
let agentDirectory: string;
let stateDirectory: string;
let socket: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'muster-doctor-'));
  agentDirectory = join(root, 'agent');
  stateDirectory = join(root, 'state');
  socket = join(agentDirectory, 'agent.sock');
  mkdirSync(agentDirectory, { mode: 0o700 });
  mkdirSync(stateDirectory, { mode: 0o700 });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const examine = (path: string, ...argv: string[]): Promise<Ran> =>
  runHere(['doctor', '--socket', path, '--state-dir', stateDirectory, ...argv], { env: { PATH: '/nowhere' } });

async function findings(path = socket): Promise<{ exitCode: number; of: (id: string) => CheckedFinding | undefined }> {
  const { exitCode, stdout } = await examine(path, '--json');
  const all = JSON.parse(stdout) as CheckedFinding[];
  return { exitCode, of: (id) => all.find((each) => each.id === id) };
}

/** Something that answers `ping` so. */
const pinged = (fields: object): Promise<FakeAgent> =>
  FakeAgent.answering({
    result: {
      ...{ version: '9.9.9', protocol: '1.0', pid: process.pid, boot: 'b', state: 'ready', socket: 's' },
      ...{ startedAt: '2020-01-01T00:00:00.000Z', ...fields },
    },
  });

/** A socket file that nobody listens on. */
async function leaveStaleSocket(path: string): Promise<void> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(path, resolve);
  await promise;
  // A hard link outlives the name that closing the server takes away.
  linkSync(path, `${path}.kept`);
  await new Promise((closed) => server.close(closed));
  linkSync(`${path}.kept`, path);
}

describe('the whole of it', () => {
  const shown = (ran: Ran): string =>
    screen(ran)
      .replaceAll(root, 'ROOT')
      .replaceAll(process.versions.node, 'NODE')
      .replaceAll(/\d+ [MG]iB \(\d+ %\)/g, 'SPACE')
      .replaceAll(/free at "[^"]+"/g, 'free at "PLACE"')
      .replaceAll(/may open \d+ files/g, 'may open N files');

  test.skipIf(!isLinux)('with an agent that is well', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-01-02T03:05:00.000Z') });
    await using agent = await TestAgent.listen();
    const ran = await examine(agent.socket);
    vi.useRealTimers();
    const text = shown({ ...ran, stdout: ran.stdout.replaceAll(agent.socket, 'SOCKET') });
    expect(
      text.replaceAll(agent.socket.replace('/agent.sock', ''), 'DIRECTORY').replaceAll(`${process.pid}`, 'PID'),
    ).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      ✓ node              This is Node NODE.
      ! path              There is no "muster" on the PATH.
                          → Scripts of the agent have it all the same. For your own shell add its directory to the PATH.
      ✓ socket-path       The socket is "SOCKET": named by --socket.
      ✓ socket-directory  "DIRECTORY" is yours alone (0700).
      ✓ socket-file       "SOCKET" is a socket for you alone (0600).
      ✓ lock              The lock is held by the process PID.
      ✓ agent             The agent answers: version 1.2.3, pid PID, "ready".
      ✓ protocol          The command has version source and protocol 1.0, the agent 1.2.3 and 1.0.
      ✓ clock             The agent started 1m ago.
      ✓ state-directory   The state directory "ROOT/state" is yours alone and can be written to.
      ✓ disk-space        SPACE are free at "PLACE".
      ✓ file-limit        The agent may open N files.

      11 ok, 1 warning
      "
    `);
  });

  test('without an agent', async () => {
    chmodSync(agentDirectory, 0o755);
    expect(shown(await examine(socket))).toMatchInlineSnapshot(`
      "exit 69
      -- stdout
      ✓ node              This is Node NODE.
      ! path              There is no "muster" on the PATH.
                          → Scripts of the agent have it all the same. For your own shell add its directory to the PATH.
      ✓ socket-path       The socket is "ROOT/agent/agent.sock": named by --socket.
      ✗ socket-directory  Other users may use "ROOT/agent" (mode 0755).
                          → Run: chmod 700 ROOT/agent
      ! socket-file       There is no "ROOT/agent/agent.sock".
                          → Start the agent: muster-agent run FILE
      ✓ lock              No agent has ever served from this directory.
      ✗ agent             No agent answers at "ROOT/agent/agent.sock" (ENOENT: nothing is there).
                          → Does it run, as this user? Start it with "muster-agent run FILE", or name its socket with --socket or MUSTER_SOCKET.
      ? protocol          No agent answers that could be compared with this command.
      ? clock             No agent answers whose clock could be compared.
      ✓ state-directory   The state directory "ROOT/state" is yours alone and can be written to.
      ✓ disk-space        SPACE are free at "PLACE".
      ✓ file-limit        A process started here may open N files.

      6 ok, 2 warnings, 2 problems, 2 unknown
      "
    `);
  });

  test('in colour, and without what is well', async () => {
    expect((await examine(socket, '--color', 'always')).stdout).toContain('\x1b[31m✗\x1b[39m agent');
    const { exitCode, stdout } = await examine(socket, '--quiet');
    expect(exitCode).toBe(69);
    expect(stdout.split('\n').slice(0, -1)).toEqual(stdout.split('\n').filter((line) => /^[!✗] [a-z-]+: /.test(line)));
  });

  test('as JSON', async () => {
    const { stdout } = await examine(socket, '--json');
    expect((JSON.parse(stdout) as CheckedFinding[]).map((each) => Object.keys(each))).toEqual(
      Array.from({ length: 12 }, () => ['id', 'status', 'finding', 'remedy']),
    );
  });
});

describe('the exit code', () => {
  test('is 1 for a problem while an agent answers', async () => {
    await using agent = await pinged({});
    chmodSync(stateDirectory, 0o777);
    expect((await findings(agent.socket)).exitCode).toBe(1);
  });

  test('is 69 without an agent, whatever else there is', async () => {
    chmodSync(stateDirectory, 0o777);
    expect((await findings()).exitCode).toBe(69);
  });

  test('is 2 for a wrong command line', async () => {
    expect((await examine(socket, '--timeout', 'soon')).exitCode).toBe(2);
    expect((await runHere(['doctor', 'db'])).exitCode).toBe(2);
  });
});

describe('the directory of the socket', () => {
  const directory = async (path = socket) => (await findings(path)).of('socket-directory');

  test('is well', async () => {
    expect(await directory()).toMatchObject({ status: 'ok' });
  });

  test('is open to others', async () => {
    chmodSync(agentDirectory, 0o750);
    expect(await directory()).toMatchObject({ status: 'problem', remedy: `Run: chmod 700 ${agentDirectory}` });
  });

  test('is shared with everyone', async () => {
    expect(await directory('/tmp/muster-doctor.sock')).toMatchObject({
      status: 'problem',
      remedy: 'Name a socket in a directory of its own.',
    });
  });

  test('is a link', async () => {
    symlinkSync(agentDirectory, join(root, 'link'));
    expect(await directory(join(root, 'link', 'agent.sock'))).toMatchObject({
      status: 'problem',
      finding: expect.stringContaining('a symbolic link'),
    });
  });

  test('is reached over a link', async () => {
    symlinkSync(root, join(root, 'link'));
    expect(await directory(join(root, 'link', 'agent', 'agent.sock'))).toMatchObject({
      status: 'ok',
      finding: expect.stringContaining('over a link'),
    });
  });

  test('is below one that everyone may change', async () => {
    chmodSync(root, 0o777);
    expect(await directory()).toMatchObject({ status: 'problem', finding: expect.stringContaining('no sticky bit') });
  });

  test('is a file', async () => {
    writeFileSync(join(root, 'file'), '');
    expect(await directory(join(root, 'file', 'agent.sock'))).toMatchObject({ status: 'problem' });
    expect(await directory(join(root, 'file', 'deep', 'agent.sock'))).toMatchObject({
      status: expect.stringMatching(/problem|warning/),
    });
  });

  test.skipIf(!isRoot)('is of another user', async () => {
    chownSync(agentDirectory, 65_534, 65_534);
    expect(await directory()).toMatchObject({ status: 'problem', finding: expect.stringContaining('the user 65534') });
  });

  test.skipIf(!isRoot)('is below one of another user', async () => {
    chownSync(root, 65_534, 65_534);
    expect(await directory()).toMatchObject({ status: 'warning', finding: expect.stringContaining('the user 65534') });
  });
});

describe('the socket', () => {
  const file = async () => (await findings()).of('socket-file');

  test('is a regular file', async () => {
    writeFileSync(socket, '');
    expect(await file()).toMatchObject({ status: 'problem', finding: expect.stringContaining('not a socket') });
  });

  test('was left by an agent that is gone', async () => {
    await leaveStaleSocket(socket);
    chmodSync(socket, 0o600);
    expect(await file()).toMatchObject({ status: 'warning', finding: expect.stringContaining('nobody listens') });
  });

  test('is open to others', async () => {
    await using agent = await pinged({});
    chmodSync(agent.socket, 0o666);
    expect((await findings(agent.socket)).of('socket-file')).toMatchObject({
      status: 'warning',
      remedy: `Run: chmod 600 ${agent.socket}`,
    });
  });

  test('has a path that can be none', async () => {
    const { exitCode, of } = await findings(`/${'x'.repeat(120)}`);
    expect(exitCode).toBe(69);
    expect(of('socket-path')).toMatchObject({ status: 'problem', finding: expect.stringContaining('121 bytes') });
  });

  test('is told with the reason for its path', async () => {
    const path = async (env: Record<string, string>) => {
      const { stdout } = await runHere(['doctor', '--json'], { env: { HOME: root, ...env } });
      return (JSON.parse(stdout) as CheckedFinding[]).find(({ id }) => id === 'socket-path');
    };
    expect(await path({ MUSTER_SOCKET: socket })).toMatchObject({ finding: expect.stringContaining('MUSTER_SOCKET') });
    expect(await path({ MUSTER_SOCKET: 'a.sock' })).toMatchObject({ status: 'warning' });
    expect(await path({ XDG_RUNTIME_DIR: root })).toMatchObject({ status: 'ok' });
    expect(await path({ XDG_RUNTIME_DIR: join(root, 'gone') })).toMatchObject({ status: 'warning' });
    expect(await path({})).toMatchObject({ status: 'ok', finding: expect.stringContaining('cache') });
  });
});

describe('the lock', () => {
  test('is held by an agent that serves another name', async () => {
    await using agent = await TestAgent.listen();
    const { of } = await findings(agent.socket.replace('agent.sock', 'other.sock'));
    expect(of('lock')).toMatchObject({ status: 'problem', finding: expect.stringContaining(`${process.pid}`) });
  });

  test('is free when the agent that wrote its number is gone', async () => {
    writeFileSync(join(agentDirectory, 'agent.lock'), '');
    writeFileSync(join(agentDirectory, 'agent.pid'), '2147483646\n');
    expect((await findings()).of('lock')).toMatchObject({ status: 'ok' });
  });

  test.skipIf(!isLinux)('was taken away under a living agent', async () => {
    await using agent = await pinged({});
    writeFileSync(agent.socket.replace('agent.sock', 'agent.lock'), '');
    expect((await findings(agent.socket)).of('lock')).toMatchObject({ status: 'warning' });
  });
});

describe('the agent', () => {
  test('speaks another protocol', async () => {
    await using agent = await pinged({ protocol: '2.0' });
    const { exitCode, of } = await findings(agent.socket);
    expect(exitCode).toBe(1);
    expect(of('protocol')).toMatchObject({ status: 'problem', finding: expect.stringContaining('misunderstand') });
    const { exitCode: code, stdout } = await runHere(['doctor', '--json', '--socket', agent.socket], {
      env: { XDG_STATE_HOME: join(root, 'no-state') },
    });
    expect(code).toBe(1);
    const directory = (JSON.parse(stdout) as CheckedFinding[]).find(({ id }) => id === 'state-directory');
    expect(directory).toMatchObject({ status: 'unknown', remedy: null });
  });

  test('has started in the future', async () => {
    await using agent = await pinged({ startedAt: '2999-01-01T00:00:00.000Z' });
    expect((await findings(agent.socket)).of('clock')).toMatchObject({ status: 'problem' });
  });

  test('is in trouble, and cannot drive the terminal', async () => {
    await using agent = await pinged({ state: 'start_error', version: '\x1b[2J' });
    expect((await findings(agent.socket)).of('agent')).toMatchObject({ status: 'warning' });
    expect((await examine(agent.socket)).stdout).not.toContain('\x1b');
  });

  test('does not answer in time', async () => {
    await using agent = await FakeAgent.listen(() => {});
    const { exitCode, stdout } = await examine(agent.socket, '--json', '--timeout', '50ms');
    expect(exitCode).toBe(69);
    expect(stdout).toContain('did not answer within 50ms');
  });
});

test('a socket that a killed agent left is said to be one, whatever its mode', async () => {
  const listen = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', listen, socket]);
  for (const mode of [0o755, 0o600]) {
    chmodSync(socket, mode);
    expect((await findings()).of('socket-file')).toEqual({
      id: 'socket-file',
      status: 'warning',
      finding: `"${socket}" is a socket that nobody listens on: an agent that was killed left it behind.`,
      remedy: 'Start the agent, which replaces it: muster-agent run FILE',
    });
  }
});

test('where HOME is not set that is the cause, and nothing is called relative', async () => {
  const env = { HOME: '', XDG_RUNTIME_DIR: '' };
  const doctor = await ended(spawnMuster(['doctor', '--json'], env));
  const of = (id: string) => (JSON.parse(doctor.stdout) as CheckedFinding[]).find((each) => each.id === id);
  expect(of('socket-path')).toMatchObject({
    status: 'problem',
    finding: 'There is no default path of the socket: HOME is not set.',
    remedy: 'Set HOME, or name a socket with --socket or MUSTER_SOCKET.',
  });
  expect(of('state-directory')).toMatchObject({
    status: 'unknown',
    finding: expect.stringContaining('HOME is not set'),
  });
  const ping = await ended(spawnMuster(['ping'], env));
  expect(ping.code).toBe(2);
  expect(ping.stderr).toContain('error: there is no default path of the socket: HOME is not set.');
  expect(doctor.stdout).not.toContain('relative');
  for (const id of ['socket-directory', 'socket-file', 'lock', 'disk-space'])
    expect(of(id)).toMatchObject({ status: 'unknown', finding: 'There is no path to look at.' });
});

describe('the state directory', () => {
  const state = async () => (await findings()).of('state-directory');

  test.each([
    [0o700, 'ok'],
    [0o755, 'warning'],
    [0o770, 'problem'],
  ])('with mode %o is %s', async (mode, status) => {
    chmodSync(stateDirectory, mode);
    expect(await state()).toMatchObject({ status });
  });

  test('is gone, a link, or a file', async () => {
    rmSync(stateDirectory, { recursive: true });
    expect(await state()).toMatchObject({ status: 'problem', finding: expect.stringContaining('not there') });
    symlinkSync(agentDirectory, stateDirectory);
    expect(await state()).toMatchObject({ status: 'problem', finding: expect.stringContaining('link') });
    rmSync(stateDirectory);
    writeFileSync(stateDirectory, '');
    expect(await state()).toMatchObject({ status: 'problem', finding: expect.stringContaining('a file') });
  });

  test.skipIf(isRoot)('can not be written to', async () => {
    chmodSync(stateDirectory, 0o500);
    expect(await state()).toMatchObject({ status: 'problem' });
  });
});

test('little room is a warning', () => {
  const disk = { bsize: 4_096, blocks: 1_000_000, bavail: 500_000, files: 1_000, ffree: 500 };
  expect(judgeSpace('/x', disk)).toMatchObject({ status: 'ok' });
  expect(judgeSpace('/x', { ...disk, bavail: 25_000 })).toMatchObject({ status: 'warning' });
  expect(judgeSpace('/x', { ...disk, blocks: 100_000_000 })).toMatchObject({ status: 'warning' });
  expect(judgeSpace('/x', { ...disk, ffree: 5 })).toMatchObject({ status: 'warning' });
  expect(judgeSpace('/proc', { ...disk, blocks: 0, bavail: 0 })).toEqual({
    status: 'unknown',
    finding: 'How much room there is at "/proc" is not known: it is on no disk.',
    remedy: null,
  });
  expect(judgeSpace('/x', { ...disk, files: 0, ffree: 0 })).toMatchObject({ status: 'ok' });
});

test('few files is a warning', () => {
  const limits = (soft: string): string =>
    `Limit  Soft Limit  Hard Limit\nMax open files            ${soft}    4096   files\n`;
  const statuses = ['256', '1024', 'unlimited'].map((soft) => judgeFileLimit(limits(soft), 'The agent').status);
  expect(statuses).toEqual(['warning', 'ok', 'ok']);
  expect(judgeFileLimit('', 'The agent').status).toBe('unknown');
});

test.each([
  ['22.17.9', 'problem'],
  ['20.19.0', 'problem'],
  ['22.18.0', 'ok'],
  ['26.1.0', 'ok'],
])('Node %s is a %s', async (version, status) => {
  const surroundings = undefined as never; // It looks at nothing else.
  expect((await nodeVersionCheck(version).run(surroundings)).status).toBe(status);
});

test('docs/command.md has every check, in its order', () => {
  const page = readFileSync(new URL('../../../docs/command.md', import.meta.url), 'utf8');
  const [, table = ''] = page.split('| check | what it asks |');
  const documented = [...table.split('\n\n')[0]!.matchAll(/^\| `([a-z-]+)`/gm)].map(([, id]) => id);
  expect(documented).toEqual(CHECKS.map(({ id }) => id));
});

test('it changes nothing', async () => {
  const before = [agentDirectory, stateDirectory].map((path) => lstatSync(path).mtimeMs);
  await examine(socket);
  expect([agentDirectory, stateDirectory].map((path) => lstatSync(path).mtimeMs)).toEqual(before);
});
