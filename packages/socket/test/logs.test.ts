import { expect, test } from 'vitest';
import type { RunLog } from '../src/server/index.ts';
import { Loopback, settle } from './support/loopback.ts';

const STARTED = Date.UTC(2026, 0, 2, 3, 4, 0);

/** A run of a script that a test ends. */
class FakeRun implements RunLog {
  readonly run: number;
  readonly startedAt = STARTED;
  endedAt: number | null = null;
  outcome: RunLog['outcome'] = null;
  logPath: string | null;
  readonly errorLogPath = null;
  readonly errorLogRange = null;
  readonly logRange: RunLog['logRange'];
  readonly listeners = new Set<() => void>();

  constructor(run: number, logRange: RunLog['logRange'] = null) {
    this.run = run;
    this.logPath = `/logs/${run}.log`;
    this.logRange = logRange;
  }

  get runId(): string {
    return `run-${this.run}`;
  }

  end(): void {
    this.endedAt = STARTED + 1500;
    this.outcome = 'failed';
    for (const listener of this.listeners) listener();
  }

  onEnded(action: () => void): Disposable {
    if (this.endedAt === null) this.listeners.add(action);
    else action();
    return { [Symbol.dispose]: () => void this.listeners.delete(action) };
  }
}

function serve(kept: readonly RunLog[]): Loopback {
  const loopback = new Loopback({ runLogs: (unit) => (unit === 'build' ? kept : null) });
  for (const unit of ['build', 'other']) loopback.units.register(unit);
  return loopback;
}

test('the latest run is told, or the one with the number', async () => {
  await using loopback = serve([new FakeRun(1), new FakeRun(2, { from: 5, to: null })]);
  const client = loopback.client();
  expect(await client.call('sync.logs', { unit: 'build' })).toEqual({
    unit: 'build',
    run: 2,
    runId: 'run-2',
    logPath: '/logs/2.log',
    errorLogPath: null,
    startedAt: '2026-01-02T03:04:00.000Z',
    endedAt: null,
    outcome: null,
    logRange: { from: 5, to: null },
    errorLogRange: null,
  });
  expect(await client.call('sync.logs', { unit: 'build', run: 1 })).toMatchObject({ run: 1, logRange: null });
});

test('with "wait" the answer comes when the run has ended, whatever becomes of its unit before', async () => {
  const run = new FakeRun(1);
  await using loopback = serve([run]);
  const answer = loopback.client().call('sync.logs', { unit: 'build', wait: true });
  const seen: string[] = [];
  void answer.then(() => seen.push('answer'));
  await settle();
  loopback.units.complete('build');
  await settle();
  expect(seen).toEqual([]);
  run.end();
  expect(await answer).toMatchObject({ endedAt: '2026-01-02T03:04:01.500Z', outcome: 'failed' });
  expect(await loopback.client().call('sync.logs', { unit: 'build', wait: true })).toMatchObject({ outcome: 'failed' });
});

test('a wait for the end that is given up leaves nothing behind', async () => {
  const run = new FakeRun(1);
  await using loopback = serve([run]);
  const controller = new AbortController();
  const params = { unit: 'build', wait: true };
  const answer = loopback.client().call('sync.logs', params, { signal: controller.signal });
  await settle();
  expect(run.listeners.size).toBe(1);
  controller.abort();
  await expect(answer).rejects.toMatchObject({ code: 'canceled' });
  await settle();
  expect(run.listeners.size).toBe(0);
});

test.each([
  ['a unit that nobody has mentioned', { unit: 'biuld' }, []],
  ['a unit without a script', { unit: 'other' }, []],
  ['a script that has not started', { unit: 'build' }, []],
  ['a run of a script that has not started', { unit: 'build', run: 1 }, []],
  ['a run that has not been', { unit: 'build', run: 9 }, [7, 8]],
  ['a run whose log is deleted', { unit: 'build', run: 2 }, [7, 8]],
  ['the only run that is kept', { unit: 'build', run: 2 }, [8]],
])('the refusal of %s', async (_what, params, kept) => {
  await using loopback = serve(kept.map((run) => new FakeRun(run)));
  const { code, message, hint, facts } = await loopback
    .client()
    .call('sync.logs', params)
    .catch((error) => error);
  expect({ code, message, hint, facts }).toMatchSnapshot();
});

test('a unit that was skipped has no log, and the reason is told', async () => {
  await using loopback = serve([]);
  loopback.units.addDependencies('build', [{ dependsOn: 'other', requires: 'succeeded' }]);
  loopback.units.complete('other', { outcome: 'failed', exitCode: 2 });
  const error = await loopback
    .client()
    .call('sync.logs', { unit: 'build' })
    .catch((refusal) => refusal);
  expect([error.code, error.message]).toEqual([
    'not_started',
    'unit "build" has no log: it completed without a run of its script: skipped: needs "other", which failed with exit code 2.',
  ]);
});

test('a unit that was canceled before its start has no log, and the reason is told', async () => {
  await using loopback = serve([]);
  loopback.units.complete('build', { outcome: 'canceled' });
  await expect(loopback.client().call('sync.logs', { unit: 'build', run: 1 })).rejects.toMatchObject({
    code: 'not_started',
    message: 'unit "build" has no log: it completed without a run of its script: it was canceled.',
  });
});
