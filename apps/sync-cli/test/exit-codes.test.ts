import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WIRE_ERROR_CODES } from '@muster/socket/protocol';
import { SyncServer } from '@muster/socket/server';
import { UnitManager } from '@muster/unit';
import { expect, test } from 'vitest';
import { Agent } from '../src/agent.ts';
import { runHere, screen } from './support/agent.ts';
import { FakeAgent } from './support/fake-agent.ts';

test('every refusal of the agent has its exit code', async () => {
  const found: Record<string, number> = {};
  for (const [word, code] of Object.entries(WIRE_ERROR_CODES)) {
    await using agent = await FakeAgent.refusing({ code, message: word, data: { code: word, hint: null, facts: {} } });
    found[word] = (await runHere(['list', '--socket', agent.socket])).exitCode;
  }
  expect(found).toMatchInlineSnapshot(`
    {
      "already_completed": 3,
      "already_registered": 3,
      "already_started": 3,
      "canceled": 75,
      "cycle": 5,
      "frame_timed_out": 75,
      "frame_too_large": 2,
      "impossible": 5,
      "internal_error": 70,
      "invalid_params": 2,
      "invalid_request": 76,
      "invalid_unit_id": 2,
      "no_log": 3,
      "not_owner": 3,
      "not_ready": 3,
      "not_started": 3,
      "parse_error": 76,
      "shutting_down": 75,
      "timed_out": 124,
      "too_many_connections": 75,
      "too_many_requests": 75,
      "unknown_method": 76,
      "unknown_unit": 4,
      "unsupported_protocol": 76,
    }
  `);
});

test('a word that this version does not know is an error inside the agent', async () => {
  await using agent = await FakeAgent.refusing({ code: -32099, message: 'too late', data: { code: 'too_late' } });
  expect(screen(await runHere(['list', '--socket', agent.socket]))).toMatchInlineSnapshot(`
    "exit 70
    -- stderr
    error: too late
    hint: The log of the agent tells more.
    "
  `);
});

test('no agent at the path of --socket', async () => {
  expect(screen(await runHere(['ping', '--socket', '/nowhere/agent.sock']))).toMatchInlineSnapshot(`
    "exit 69
    -- stderr
    error: no agent answers at "/nowhere/agent.sock" (ENOENT: nothing is there).
    hint: That is the path of --socket. Does it run, as this user? Start it with "muster-agent run FILE", or name its socket with --socket or MUSTER_SOCKET.
    "
  `);
});

test('no agent at the path of MUSTER_SOCKET', async () => {
  const { exitCode, stderr } = await runHere(['ping'], { env: { MUSTER_SOCKET: '/nowhere/agent.sock' } });
  expect(exitCode).toBe(69);
  expect(stderr).toContain('That is the path of MUSTER_SOCKET.');
});

test('no agent at the default paths, which are named with their reason', async () => {
  const cache = await runHere(['ping'], { env: { XDG_CACHE_HOME: '/nowhere' } });
  expect(cache.stderr).toContain('"/nowhere/muster/run/agent.sock"');
  expect(cache.stderr).toContain('That is the default path without an XDG_RUNTIME_DIR of this user.');
  await using agent = await FakeAgent.listen(() => {});
  const directory = agent.socket.replace('/agent.sock', '');
  const runtime = await runHere(['ping'], { env: { XDG_RUNTIME_DIR: directory } });
  expect(runtime.stderr).toContain(`"${directory}/muster/agent.sock"`);
  expect(runtime.stderr).toContain('That is the default path, under XDG_RUNTIME_DIR.');
});

test('no agent, as JSON', async () => {
  const ran = await runHere(['list', '--json', '--socket', '/nowhere/agent.sock']);
  expect(ran.stdout).toBe('');
  expect(JSON.parse(ran.stderr)).toEqual({
    error: {
      code: 'agent_unreachable',
      message: expect.stringContaining('/nowhere'),
      hint: expect.stringContaining('--socket'),
    },
  });
  expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
});

test.each([
  ['too long', `/${'x'.repeat(120)}`],
  ['empty', ''],
])('a socket path that is %s', async (_problem, path) => {
  const { exitCode, stderr } = await runHere(['ping', '--socket', path]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatchSnapshot();
});

test('an agent that hangs up before it answers', async () => {
  await using agent = await FakeAgent.listen((connection) => connection.destroy());
  expect(screen(await runHere(['list', '--socket', agent.socket]))).toMatchInlineSnapshot(`
    "exit 69
    -- stderr
    error: the connection to the agent has ended before it answered.
    hint: Every request may be sent again: what was done already is said so. Ask with \`muster ping\` whether an agent runs.
    "
  `);
});

test('something else on the socket', async () => {
  await using agent = await FakeAgent.listen((connection) => connection.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect(screen(await runHere(['list', '--socket', agent.socket]))).toMatchInlineSnapshot(`
    "exit 76
    -- stderr
    error: what answers on the socket does not speak this protocol: it sent a line that is not a JSON object.
    hint: Name the socket of an agent with --socket or MUSTER_SOCKET.
    "
  `);
});

test('an agent that never answers', async () => {
  await using agent = await FakeAgent.listen(() => {});
  const ran = await runHere(['list', '--socket', agent.socket, '--timeout', '20ms']);
  expect(screen({ ...ran, stderr: ran.stderr.replace(agent.socket, 'SOCKET') })).toMatchInlineSnapshot(`
    "exit 124
    -- stderr
    error: the agent at "SOCKET" did not answer within 20ms.
    hint: It is busy or stopped: look at its log, or give it more time with --timeout.
    "
  `);
});

/** A path where nobody listens, in a directory that is there only while someone does. */
async function vacantSocket(): Promise<string> {
  const gone = await FakeAgent.listen(() => {});
  await gone[Symbol.asyncDispose]();
  return gone.socket;
}

async function listenAt(path: string): Promise<AsyncDisposable> {
  const identity = { version: '1.2.3', boot: 'boot-1', startedAt: 0 };
  const server = await SyncServer.listen(new UnitManager({ now: () => 0 }), { path, identity, state: () => 'ready' });
  return {
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(dirname(path), { recursive: true });
    },
  };
}

test('--connect-timeout waits for an agent that comes', async () => {
  const socket = await vacantSocket();
  // The first attempt is made within this call, when nobody is there.
  const running = runHere(['ping', '--socket', socket, '--connect-timeout', '20s']);
  await using _agent = await listenAt(socket);
  const { exitCode, stdout } = await running;
  expect(stdout).toContain(`The agent answers on "${socket}"`);
  expect(exitCode).toBe(0);
});

test('--connect-timeout ends where no agent comes', async () => {
  const { exitCode, stderr } = await runHere(['ping', '--socket', await vacantSocket(), '--connect-timeout', '30ms']);
  expect(exitCode).toBe(69);
  expect(stderr).toContain('no agent answers');
});

test('--timeout limits the connecting too', async () => {
  const line = ['ping', '--socket', await vacantSocket(), '--connect-timeout', '20s', '--timeout', '20ms'];
  expect(await runHere(line)).toMatchObject({ exitCode: 124 });
});

test('without --timeout the time of the command begins when it is connected', async () => {
  const socket = await vacantSocket();
  const options = { socket, timeout: undefined, 'connect-timeout': '20s' };
  const output = { isTTY: false, write: () => {} };
  const done = Agent.use({ options, io: { env: {}, stdout: output, stderr: output }, defaultMs: 1 }, async () => {});
  const begun = performance.now();
  while (performance.now() < begun + 5) await new Promise((resolve) => setImmediate(resolve));
  await using _agent = await listenAt(socket);
  await expect(done).resolves.toBeUndefined();
});
