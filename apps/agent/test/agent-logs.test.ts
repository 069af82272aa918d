import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { AgentProcess } from './support/agent-process.ts';

// Each test starts real processes; a busy machine needs seconds for that.
vi.setConfig({ testTimeout: 30_000 });

test('the agent tells where the output of a script is', async () => {
  await using agent = new AgentProcess(
    'version: 1\nscripts:\n  build: { run: "echo out; echo err >&2", output: split }\n',
  );
  await agent.state('ready');
  await using client = await agent.client();
  const log = await client.call('sync.logs', { unit: 'build' });
  expect(log).toMatchObject({ unit: 'build', run: 1, outcome: 'succeeded', logRange: null, errorLogRange: null });
  expect(readFileSync(log.logPath ?? '', 'utf8')).toBe('out\n');
  expect(readFileSync(log.errorLogPath ?? '', 'utf8')).toBe('err\n');
});

test('the run of a service ends with its script, not with its unit', async () => {
  await using agent = new AgentProcess('version: 1\nscripts:\n  web: { run: "muster complete; exec sleep 600" }\n');
  await agent.state('ready');
  await using client = await agent.client();
  expect(await client.call('sync.status', { unit: 'web' })).toMatchObject({ status: 'completed' });
  expect(await client.call('sync.logs', { unit: 'web' })).toMatchObject({ endedAt: null, outcome: null });
  const end = client.call('sync.logs', { unit: 'web', wait: true });
  // Answered after that request, so the agent waits for the end by now.
  await client.call('ping', {});
  agent.child.kill('SIGTERM');
  expect(await end).toMatchObject({ endedAt: expect.any(String), outcome: 'canceled' });
});

test('runs that write to one file have their parts of it', async () => {
  await using agent = new AgentProcess(
    'version: 1\nscripts:\n  tick: { run: "echo run $MUSTER_RUN", cron: "* * * * * *", log: ./tick.log }\n',
  );
  await using client = await agent.client();
  await agent.record(({ unit, run, outcome }) => unit === 'tick' && run === 2 && outcome === 'succeeded');
  expect(await client.call('sync.logs', { unit: 'tick', run: 1 })).toMatchObject({
    logPath: agent.directory.file('tick.log'),
    logRange: { from: 0, to: 'run 1\n'.length },
  });
});
