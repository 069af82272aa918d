import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { AgentProcess } from './support/agent-process.ts';

// Each test starts real processes; a busy machine needs seconds for that.
vi.setConfig({ testTimeout: 30_000 });

// The scripts are busy, since dash may overlook a signal that comes just before it waits.
/** Of shells only bash runs an EXIT trap when a signal ends it. */
const TRAPS = [
  ['bash', 'trap \'muster complete --exit-code "$?" >said; echo tidy >tidied\' EXIT'],
  ['bash', "trap 'coder exp sync complete build >said; echo tidy >tidied' EXIT"],
  ['dash', "trap 'muster complete --exit-code 0 >said; echo tidy >tidied; exit 0' TERM"],
] as const;

describe.each(TRAPS)('a %s script that reports its unit when it is stopped, with %s,', (shell, trap) => {
  const build = (more: string) => `
version: 1
scripts:
  build:
    shell: ${shell}
    ${more}
    run: |
      set -e
      ${trap}
      echo >trapped
      while :; do :; done
  deploy: { needs: build, run: "true" }
`;

  test('has timed out all the same, and what needs it is skipped', async () => {
    await using agent = new AgentProcess(build('timeout: 2s'));
    await agent.state('start_timeout');
    expect(agent.history).toEqual(['build started', 'build timed_out', 'deploy skipped']);
    expect(agent.records.filter(({ note }) => note !== undefined)).toEqual([]);
    expect(readFileSync(agent.directory.file('tidied'), 'utf8')).toBe('tidy\n');
  });

  test('is canceled all the same when the agent stops', async () => {
    await using agent = new AgentProcess(build('timeout: 0'));
    await expect.poll(() => existsSync(agent.directory.file('trapped')), { timeout: 20_000 }).toBe(true);
    agent.child.kill('SIGTERM');
    expect(await agent.exit).toEqual({ code: 0, signal: null });
    expect(agent.history.toSorted()).toEqual(['build canceled', 'build started', 'deploy canceled']);
    expect(readFileSync(agent.directory.file('tidied'), 'utf8')).toBe('tidy\n');
  });
});

describe('a script that has reported its unit complete and goes on', () => {
  const SERVICE = `
version: 1
external: [end]
scripts:
  service: { run: "muster complete service; muster wait end; exit 7" }
`;

  test('is named by a wait for the start once it has failed', async () => {
    await using agent = new AgentProcess(SERVICE);
    await agent.state('ready');
    await using client = await agent.client();
    expect(await client.call('sync.wait', { startup: true })).toMatchObject({ state: 'ready', failed: [] });
    await client.call('sync.complete', { unit: 'end' });
    await agent.record(({ note }) => note !== undefined);
    expect(await client.call('sync.wait', { startup: true })).toMatchObject({
      state: 'ready',
      failed: [{ unit: 'service', outcome: 'failed', exitCode: 7, signal: null, reason: null }],
    });
  });

  test('stays succeeded when it is stopped with the agent, and nothing is noted', async () => {
    await using agent = new AgentProcess(SERVICE);
    await agent.state('ready');
    agent.child.kill('SIGTERM');
    expect(await agent.exit).toEqual({ code: 0, signal: null });
    expect(agent.history).toEqual(['service started', 'service succeeded']);
    expect(agent.records.filter(({ note }) => note !== undefined)).toEqual([]);
  });
});

test('a wait for the start names what went wrong, not what was skipped for it', async () => {
  await using agent = new AgentProcess(`
version: 1
external: [net, db]
scripts:
  bad: { run: exit 3 }
  slow: { run: sleep 600, timeout: 50ms }
  told: { run: "muster fail --reason no-disk; true" }
  passed: { run: "muster complete --skipped" }
  next: { run: "true", needs: [bad] }
  last: { run: "true", needs: next }
  online: { run: "true", needs: net }
  good: { run: "true", after: bad }
`);
  await agent.state('starting');
  await using client = await agent.client();
  await client.call('sync.want', { unit: 'net', needs: ['db'] });
  await client.call('sync.complete', { unit: 'db', outcome: 'failed', reason: 'gone' });
  await agent.state('start_error');
  const { failed } = await client.call('sync.wait', { startup: true });
  expect(
    failed.map(({ unit, outcome, exitCode, signal, reason }) => [unit, outcome, exitCode ?? signal ?? reason]),
  ).toEqual([
    ['bad', 'failed', 3],
    ['db', 'failed', 'gone'],
    ['passed', 'skipped', null],
    ['slow', 'timed_out', 'SIGTERM'],
    ['told', 'failed', 'no-disk'],
  ]);
});
