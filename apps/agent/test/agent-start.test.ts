import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { AgentProcess } from './support/agent-process.ts';

// Each test starts real processes; a busy machine needs seconds for that.
vi.setConfig({ testTimeout: 30_000 });

test('every unit is pending on the socket before the first script has run', async () => {
  await using agent = new AgentProcess(`
version: 1
external: [go]
scripts:
  first: { run: "true", after: go }
  second: { run: "true", needs: first }
  bye: { run: "true", on: stop }
`);
  await agent.state('starting');
  await using client = await agent.client();
  const { units } = await client.call('sync.list', {});
  expect(units.map(({ unit, status, ready }) => [unit, status, ready])).toEqual([
    ['bye', 'pending', true],
    ['first', 'pending', false],
    ['go', 'pending', true],
    ['second', 'pending', false],
  ]);
});

test('a declared unit is known though no script waits for it', async () => {
  await using agent = new AgentProcess('version: 1\nexternal: [seen, seen]\nscripts: {}\n');
  await agent.state('ready');
  await using client = await agent.client();
  expect(await client.call('sync.status', { unit: 'seen' })).toMatchObject({ unit: 'seen', status: 'pending' });
  await client.call('sync.complete', { unit: 'seen' });
  await agent.unit('seen', 'succeeded');
  expect(agent.history).toEqual(['seen succeeded']);
});

test('a script waits for an external unit that a client completes', async () => {
  await using agent = new AgentProcess('version: 1\nexternal: [db]\nscripts:\n  a: { run: "true", needs: db }\n');
  await agent.state('starting');
  await using client = await agent.client();
  await client.call('sync.complete', { unit: 'db' });
  await agent.state('ready');
  expect(agent.history).toEqual(['db succeeded', 'a started', 'a succeeded']);
});

test('the start line names what a person needs to find the agent', async () => {
  await using agent = new AgentProcess('version: 1\nscripts: {}\n');
  const { version, pid, socket, socketFrom, stateDir, boot, fdLimit, scripts } = await agent.record(
    ({ boot }) => boot !== undefined,
  );
  expect({ pid, socket, socketFrom, stateDir, scripts }).toEqual({
    pid: agent.child.pid,
    socket: agent.socket,
    socketFrom: 'flag',
    stateDir: agent.directory.file('state'),
    scripts: 0,
  });
  expect([typeof version, typeof boot, typeof fdLimit]).toEqual(['string', 'string', 'number']);
  await agent.state('ready');
  await using client = await agent.client();
  expect(await client.call('ping', {})).toMatchObject({ pid, boot, version, state: 'ready', socket });
});

test('failed scripts make it a start error, and their output is at hand', async () => {
  await using agent = new AgentProcess(`
version: 1
scripts:
  bad: { run: "echo why; exit 3" }
  next: { run: "true", needs: bad }
  all-the-same: { run: "true", after: bad }
  slow: { run: sleep 60, timeout: 100ms }
`);
  await agent.state('start_error');
  expect((await agent.unit('next', 'skipped')).msg).toBe('skipped: needs "bad", which failed with exit code 3');
  const report = await agent.record(({ unit, logPath }) => unit === 'bad' && logPath !== undefined);
  expect(report.output).toEqual(['why']);
  expect(readFileSync(String(report.logPath), 'utf8')).toBe('why\n');
  expect((await agent.unit('slow', 'timed_out')).msg).toContain('timed out');
  expect(agent.history).toContain('all-the-same succeeded');
});

test('of a script with split output, the end of its errors is at hand', async () => {
  await using agent = new AgentProcess(
    'version: 1\nscripts:\n  a: { run: "echo said; echo why >&2; exit 1", output: split }\n  b: { run: "echo said; exit 1", output: split }\n',
  );
  await agent.state('start_error');
  const [a, b] = await Promise.all(
    ['a', 'b'].map((unit) => agent.record((record) => record.unit === unit && record.logPath !== undefined)),
  );
  expect(a?.output).toEqual(['why']);
  expect(a?.msg).toContain(String(a?.errorLogPath));
  expect(b?.output).toEqual(['said']);
  expect(b?.msg).toContain(String(b?.logPath));
});

test('scripts that only timed out make it a start timeout', async () => {
  await using agent = new AgentProcess(
    'version: 1\nscripts:\n  a: { run: sleep 60, timeout: 50ms }\n  b: { run: "true", needs: a }\n',
  );
  await agent.state('start_timeout');
});

test('the schedule does not wait for a start script that hangs', async () => {
  await using agent = new AgentProcess(
    'version: 1\nscripts:\n  hang: { run: sleep 600 }\n  tick: { run: "true", cron: "* * * * * *" }\n',
  );
  await agent.record(({ unit, run, outcome }) => unit === 'tick' && run === 2 && outcome === 'succeeded');
  expect(agent.history).not.toContain('hang completed');
});

test('scripts inherit the environment without what belongs to the agent', async () => {
  await using agent = new AgentProcess(
    'version: 1\nenv: { GIVEN: all, OWN: "no" }\nscripts:\n  a: { run: env > dump, env: { OWN: script } }\n',
    { env: { NOTIFY_SOCKET: '/x', MUSTER_UNIT: 'outer', MUSTER_TOKEN: 'outer', INHERITED: 'yes' } },
  );
  await agent.state('ready');
  const dump = readFileSync(agent.directory.file('dump'), 'utf8').split('\n');
  expect(dump).toEqual(
    expect.arrayContaining([
      'GIVEN=all',
      'OWN=script',
      'INHERITED=yes',
      'MUSTER_UNIT=a',
      `MUSTER_SOCKET=${agent.socket}`,
    ]),
  );
  expect(dump.filter((line) => line.startsWith('NOTIFY_SOCKET=') || line.endsWith('=outer'))).toEqual([]);
});

test('people get a line for each change, and tables of all units', async () => {
  await using agent = new AgentProcess(
    'version: 1\nscripts:\n  bad: { run: "echo why; exit 3" }\n  next: { run: "true", needs: bad }\n  "\\u202eevil": { run: "true", on: stop }\n',
    { args: ['--log-format', 'pretty'] },
  );
  await agent.line('Ctrl+C');
  agent.child.kill('SIGINT');
  await agent.exit;
  const text = agent.stderr
    .replaceAll(agent.directory.path, 'DIR')
    .replaceAll(/\d+(?:\.\d+)?m?s\b/g, '0s')
    .replaceAll(/ *\+0s/g, '+0s')
    // How wide a column of times is depends on the times.
    .replaceAll(/(?<=\S) {2,}/g, '  ')
    .replaceAll(/pid \d+/g, 'pid N')
    .replaceAll(/logs\/\S+/g, 'logs/LOG');
  expect(text).toMatchInlineSnapshot(`
    "+0s  muster-agent 0.0.0 (pid N) listens on DIR/run/a.sock
    +0s  starting
    +0s  bad  started
    +0s  bad  failed with exit code 3 in 0s
    +0s  next  skipped: needs "bad", which failed with exit code 3
    +0s  bad  output ends with, in DIR/state/logs/LOG
              | why
    +0s  started, but not every start script succeeded

    UNIT  STATUS  OUTCOME  TIME  REASON
    bad  completed  failed  0s  exit code 3
    next  completed  skipped  -  needs "bad", which failed with exit code 3
    \\u{202e}evil  pending  -  -

    In a second terminal: muster list --socket DIR/run/a.sock
    Ctrl+C stops the agent.

    +0s  stopping: SIGINT
    +0s  shutting down
    +0s  \\u{202e}evil  started
    +0s  \\u{202e}evil  succeeded in 0s
    +0s  off

    UNIT  STATUS  OUTCOME  TIME  REASON
    bad  completed  failed  0s  exit code 3
    next  completed  skipped  -  needs "bad", which failed with exit code 3
    \\u{202e}evil  completed  succeeded  0s
    "
  `);
});

test('neither the text of scripts nor values of the environment reach the log', async () => {
  await using agent = new AgentProcess(
    'version: 1\nenv: { A: canary-1 }\nscripts:\n  a: { run: ": canary-2; exit 1", env: { B: canary-3 } }\n  b: { run: "#!/no/such canary-4\\n" }\n',
    { env: { C: 'canary-5' }, args: ['--log-level', 'debug'] },
  );
  await agent.state('start_error');
  agent.child.kill('SIGTERM');
  await agent.exit;
  expect(agent.stderr).not.toContain('canary');
});

test('everything that the agent makes is closed to other users', async () => {
  await using agent = new AgentProcess('version: 1\nscripts:\n  a: { run: umask > mask }\n');
  await agent.state('ready');
  expect(readFileSync(agent.directory.file('mask'), 'utf8').trim()).toMatch(/0?077$/);
  expect(statSync(agent.directory.file('state')).mode & 0o077).toBe(0);
  expect(statSync(agent.socket).mode & 0o177).toBe(0);
  expect(existsSync(agent.directory.file('state/bin'))).toBe(true);
});

describe('a service, which completes its unit when it is up and goes on', () => {
  const MANIFEST = `
version: 1
external: [end]
scripts:
  service: { run: "muster complete service; muster wait end; exit 3" }
  after: { run: "true", needs: service }
`;

  test('lets the start end well, and is stopped with the agent', async () => {
    await using agent = new AgentProcess(MANIFEST);
    await agent.state('ready');
    await using client = await agent.client();
    expect(await client.call('sync.wait', { startup: true })).toMatchObject({ state: 'ready' });
    expect(agent.history).toEqual(['service started', 'service succeeded', 'after started', 'after succeeded']);
    agent.child.kill('SIGTERM');
    expect(await agent.exit).toEqual({ code: 0, signal: null });
  });

  test('can not take that back when it fails later: its unit gets a note', async () => {
    await using agent = new AgentProcess(MANIFEST);
    await agent.state('ready');
    await using client = await agent.client();
    await client.call('sync.complete', { unit: 'end' });
    await agent.record(({ note }) => note !== undefined);
    expect(await client.call('sync.status', { unit: 'service' })).toMatchObject({
      outcome: 'succeeded',
      note: 'the script failed with exit code 3 after its unit had been completed',
    });
    expect(await client.call('ping', {})).toMatchObject({ state: 'ready' });
  });
});

test('how long runs take is known from the starts before', async () => {
  const manifest = 'version: 1\nscripts: { a: { run: "true" }, b: { run: "false" } }\n';
  const first = new AgentProcess(manifest);
  await first.state('start_error');
  // Kept when the start has ended, so that the agent may die at any time after that.
  await first.record(({ msg }) => msg.startsWith('started, but'));
  await using client = await first.client();
  expect((await client.call('sync.status', { unit: 'a' })).expectedMs).toBeGreaterThan(0);
  first.child.kill('SIGKILL');
  await first.exit;
  const waiting =
    'version: 1\nexternal: [go]\nscripts: { a: { run: "true", after: go }, b: { run: "true", after: go } }\n';
  await using second = new AgentProcess(waiting, { directory: first.directory });
  await using later = await second.client();
  expect((await later.call('sync.status', { unit: 'a' })).expectedMs).toBeGreaterThan(0);
  expect((await later.call('sync.status', { unit: 'b' })).expectedMs).toBeNull();
});
