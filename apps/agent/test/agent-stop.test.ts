import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { AgentProcess } from './support/agent-process.ts';

// Each test starts real processes; a busy machine needs seconds for that.
vi.setConfig({ testTimeout: 30_000 });

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s stops it in order, and it exits with 0', async (signal) => {
  await using agent = new AgentProcess(`
version: 1
scripts:
  serve: { run: sleep 600 }
  later: { run: "true", after: serve }
  tick: { run: sleep 600, cron: "* * * * * *" }
  bye: { run: "true", on: stop }
  last: { run: "true", on: stop, needs: bye }
`);
  await Promise.all([agent.unit('serve', 'started'), agent.unit('tick', 'started')]);
  agent.child.kill(signal);
  expect(await agent.exit).toEqual({ code: 0, signal: null });
  expect(agent.history.slice(-7)).toEqual(
    expect.arrayContaining(['tick canceled', 'serve canceled', 'later canceled']),
  );
  expect(agent.history.slice(-4)).toEqual(['bye started', 'bye succeeded', 'last started', 'last succeeded']);
  expect(agent.records.flatMap(({ state }) => (state === undefined ? [] : [state]))).toEqual([
    'starting',
    'shutting_down',
    'off',
  ]);
  expect(existsSync(agent.socket)).toBe(false);
});

test('a stop script can still use the socket', async () => {
  await using agent = new AgentProcess('version: 1\nscripts:\n  bye: { run: test -S "$MUSTER_SOCKET", on: stop }\n');
  await agent.state('ready');
  agent.child.kill('SIGTERM');
  expect(await agent.exit).toEqual({ code: 0, signal: null });
});

test('a stop script that fails makes the exit code 1', async () => {
  await using agent = new AgentProcess('version: 1\nscripts:\n  bye: { run: exit 4, on: stop }\n');
  await agent.state('ready');
  agent.child.kill('SIGTERM');
  expect(await agent.exit).toEqual({ code: 1, signal: null });
  await agent.state('shutdown_error');
});

test('stop scripts that take longer than they may make the exit code 124', async () => {
  await using agent = new AgentProcess('version: 1\nscripts:\n  bye: { run: exec sleep 600, on: stop }\n', {
    args: ['--stop-timeout', '100ms'],
  });
  await agent.state('ready');
  agent.child.kill('SIGTERM');
  expect(await agent.exit).toEqual({ code: 124, signal: null });
  await agent.state('shutdown_timeout');
});

test('a second signal ends scripts that will not listen', async () => {
  await using agent = new AgentProcess(`
version: 1
scripts:
  deaf: { run: "trap '' TERM; echo $$ > pid; touch set; while :; do sleep 600; done" }
  bye: { run: exec sleep 600, on: stop }
`);
  await agent.unit('deaf', 'started');
  await expect.poll(() => existsSync(agent.directory.file('set')), { timeout: 20_000 }).toBe(true);
  agent.child.kill('SIGTERM');
  await agent.state('shutting_down');
  agent.child.kill('SIGINT');
  expect(await agent.exit).toEqual({ code: 1, signal: null });
  expect(() => process.kill(Number(readFileSync(agent.directory.file('pid'), 'utf8')), 0)).toThrow('ESRCH');
});

test('SIGUSR1 does not open the inspector', async () => {
  await using agent = new AgentProcess('version: 1\nscripts: {}\n');
  await agent.state('ready');
  agent.child.kill('SIGUSR1');
  await using client = await agent.client();
  await client.call('ping', {});
  const refused = new Promise((resolve) =>
    connect(9229, '127.0.0.1')
      .on('error', () => resolve('refused'))
      .on('connect', () => resolve('open')),
  );
  expect(await refused).toBe('refused');
  expect(agent.stderr).not.toContain('Debugger');
});

test('a reader of the log that is stuck holds nothing up', async () => {
  const names = Array.from({ length: 2000 }, (_, index) => `${'x'.repeat(200)}${index}`);
  await using agent = new AgentProcess(
    `version: 1\nexternal: [${names.join()}]\nscripts:\n  a: { run: touch done }\n`,
    { args: ['--log-level', 'debug'], readsLog: false },
  );
  await using client = await agent.client();
  expect(await client.call('ping', {})).toMatchObject({ pid: agent.child.pid });
  await expect.poll(() => existsSync(agent.directory.file('done')), { timeout: 20_000 }).toBe(true);
  const ended = once(agent.child, 'exit');
  agent.child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  agent.child.stderr?.destroy();
});

test('an agent that was killed leaves its scripts running, and the next one says so', async () => {
  await using agent = new AgentProcess(
    'version: 1\nscripts:\n  a: { run: "echo $$ > pid; touch set; exec sleep 600" }\n',
  );
  await expect.poll(() => existsSync(agent.directory.file('set')), { timeout: 20_000 }).toBe(true);
  agent.child.kill('SIGKILL');
  await agent.exit;
  const pid = Number(readFileSync(agent.directory.file('pid'), 'utf8'));
  const next = new AgentProcess('version: 1\nscripts: {}\n', { directory: agent.directory });
  await next.state('ready');
  const said = await next.record(({ pids }) => pids !== undefined);
  expect(said.pids).toContain(pid);
  expect(said.msg).toContain('left alone');
  next.child.kill('SIGTERM');
  expect(await next.exit).toEqual({ code: 0, signal: null });
  expect(process.kill(-pid, 'SIGKILL')).toBe(true);
});

test('scripts go on when the reader of the log has gone', async () => {
  await using agent = new AgentProcess('version: 1\nexternal: [go]\nscripts:\n  a: { run: touch done, needs: go }\n');
  await agent.state('starting');
  agent.child.stderr?.destroy();
  await using client = await agent.client();
  await client.call('sync.complete', { unit: 'go' });
  await expect.poll(() => existsSync(agent.directory.file('done')), { timeout: 20_000 }).toBe(true);
  agent.child.kill('SIGTERM');
  expect(await agent.exit).toEqual({ code: 0, signal: null });
});
