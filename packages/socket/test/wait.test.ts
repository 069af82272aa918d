import { expect, test } from 'vitest';
import type { StartFailure } from '../src/protocol/shapes.ts';
import { Loopback, settle } from './support/loopback.ts';

async function known(loopback: Loopback, ...names: string[]): Promise<void> {
  for (const name of names) loopback.units.register(name);
}

test('a wait for all ends with the last, and starts nothing', async () => {
  await using loopback = new Loopback();
  await known(loopback, 'a', 'b');
  let isOver = false;
  const wait = loopback.client().call('sync.wait', { units: ['a', 'b'] });
  void wait.then(() => {
    isOver = true;
  });
  await settle();
  loopback.units.complete('a', { outcome: 'failed' });
  await settle();
  expect(isOver).toBe(false);
  loopback.units.complete('b');
  expect(await wait).toEqual({
    units: [
      { unit: 'a', status: 'completed', outcome: 'failed', met: true },
      { unit: 'b', status: 'completed', outcome: 'succeeded', met: true },
    ],
    state: 'ready',
    failed: [],
    waitedMs: 0,
  });
});

test('a wait for any ends with the first', async () => {
  await using loopback = new Loopback();
  await known(loopback, 'a', 'b');
  const wait = loopback.client().call('sync.wait', { units: ['a', 'b'], any: true });
  await settle();
  loopback.units.complete('b');
  const { units } = await wait;
  expect(units.map(({ met }) => met)).toEqual([false, true]);
});

test.each([
  ['started', true],
  ['completed', false],
  ['succeeded', false],
] as const)('a service that has started is enough for %s: %s', async (goal, isEnough) => {
  await using loopback = new Loopback();
  await known(loopback, 'a');
  const wait = loopback.client().call('sync.wait', { units: ['a'], for: goal });
  let isOver = false;
  void wait.then(() => {
    isOver = true;
  });
  await settle();
  loopback.units.start('a');
  await settle();
  expect(isOver).toBe(isEnough);
  loopback.units.complete('a');
  await wait;
});

test('a wait for what has been reached is answered at once, also while the next run goes on', async () => {
  await using loopback = new Loopback();
  await known(loopback, 'a');
  loopback.units.complete('a');
  loopback.units.start('a');
  for (const goal of ['started', 'completed', 'succeeded'] as const) {
    const { units } = await loopback.client().call('sync.wait', { units: ['a'], for: goal });
    expect(units).toMatchObject([{ status: 'started', met: true }]);
  }
});

test('a name that nobody has mentioned is refused with the nearest, unless it may come later', async () => {
  await using loopback = new Loopback();
  await known(loopback, 'database');
  const client = loopback.client();
  await expect(client.call('sync.wait', { units: ['databse'] })).rejects.toMatchObject({
    code: 'unknown_unit',
    hint: 'Did you mean "database"?',
  });
  const late = client.call('sync.wait', { units: ['later'], late: true });
  await client.call('sync.start', { unit: 'later' });
  await client.call('sync.complete', { unit: 'later' });
  expect(await late).toMatchObject({ units: [{ unit: 'later', met: true }] });
  await expect(client.call('sync.wait', { units: ['a\nb'], late: true })).rejects.toMatchObject({
    code: 'invalid_unit_id',
  });
});

test('a wait for nothing is refused', async () => {
  await using loopback = new Loopback();
  await expect(loopback.client().call('sync.wait', {})).rejects.toMatchObject({
    message: 'sync.wait: units must name a unit, or startup be true.',
  });
});

test('a wait that can never end says for which unit, and why, down to the root', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'api', needs: ['db'] });
  await client.call('sync.want', { unit: 'web', needs: ['api'] });
  const wait = client.call('sync.wait', { units: ['other', 'web'], for: 'succeeded', late: true });
  await Promise.all([
    expect(wait).rejects.toMatchObject({
      code: 'impossible',
      message: expect.stringMatching(
        /^unit "web" has not succeeded: skipped: needs "api", which was skipped: it needs "db", which failed with exit code 3/,
      ),
      hint: 'Look at "db" first: that is where the trouble began.',
      facts: {
        unit: 'web',
        causes: [
          { dependsOn: 'web', requires: 'succeeded', outcome: 'skipped' },
          { dependsOn: 'api', outcome: 'skipped' },
          { dependsOn: 'db', outcome: 'failed', exitCode: 3 },
        ],
      },
    }),
    client.call('sync.complete', { unit: 'db', outcome: 'failed', exitCode: 3 }),
  ]);
});

test('a wait for any goes on until none of them can come', async () => {
  await using loopback = new Loopback();
  await known(loopback, 'a', 'b');
  loopback.units.complete('a', { outcome: 'failed' });
  const wait = loopback.client().call('sync.wait', { units: ['a', 'b'], for: 'succeeded', any: true });
  await settle();
  loopback.units.start('a'); // May succeed after all.
  loopback.units.complete('b', { outcome: 'failed' });
  await settle();
  loopback.units.complete('a');
  expect(await wait).toMatchObject({ units: [{ met: true }, { met: false }] });
  const hopeless = loopback.client().call('sync.wait', { units: ['b', 'b'], for: 'succeeded', any: true });
  await expect(hopeless).rejects.toMatchObject({ code: 'impossible', facts: { unit: 'b' } });
});

test('what was skipped has completed and will not have started', async () => {
  await using loopback = new Loopback();
  await known(loopback, 'a');
  loopback.units.complete('a', { outcome: 'skipped', reason: 'not today' });
  const client = loopback.client();
  expect(await client.call('sync.wait', { units: ['a'] })).toMatchObject({ units: [{ met: true }] });
  await expect(client.call('sync.wait', { units: ['a'], for: 'started' })).rejects.toMatchObject({
    message: 'unit "a" has not started: skipped (not today).',
  });
});

test('what was canceled before its start is told as a sentence', async () => {
  await using loopback = new Loopback();
  await known(loopback, 'a');
  loopback.units.complete('a', { outcome: 'canceled' });
  await expect(loopback.client().call('sync.wait', { units: ['a'], for: 'started' })).rejects.toMatchObject({
    message: 'unit "a" has not started: it was canceled.',
  });
});

test('a timeout says what was missing', async () => {
  await using loopback = new Loopback();
  await known(loopback, 'a', 'b');
  loopback.units.start('a');
  loopback.units.complete('b', { outcome: 'failed' });
  loopback.units.start('b');
  const client = loopback.client();
  const params = { units: ['a', 'b', 'c'], for: 'succeeded' as const, late: true, timeoutMs: 1 };
  await expect(client.call('sync.wait', params)).rejects.toMatchObject({
    code: 'timed_out',
    message:
      'timed out after 0ms: waiting for each to have succeeded: "a" is started, "b" is started, "c" is not registered.',
    facts: { waitedMs: 0 },
  });
});

test('the start scripts can be waited for, alone or with units', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using loopback = new Loopback({ startup: promise });
  await known(loopback, 'a');
  const client = loopback.client();
  await expect(client.call('sync.wait', { startup: true, timeoutMs: 1 })).rejects.toMatchObject({
    code: 'timed_out',
    message: 'timed out after 0ms: the start scripts have not all ended.',
  });
  const both = client.call('sync.wait', { units: ['a'], startup: true });
  loopback.units.complete('a', { outcome: 'failed' });
  // What can't succeed any more is told without waiting for the others.
  await expect(client.call('sync.wait', { units: ['a'], for: 'succeeded', startup: true })).rejects.toMatchObject({
    code: 'impossible',
  });
  resolve();
  expect(await both).toMatchObject({ units: [{ met: true }] });
  expect(await client.call('sync.wait', { startup: true })).toMatchObject({ units: [], state: 'ready' });
});

test('a start that went wrong has ended as well', async () => {
  await using loopback = new Loopback({ startup: Promise.reject(new Error('on purpose')) });
  expect(await loopback.client().call('sync.wait', { startup: true })).toMatchObject({ state: 'ready' });
});

test('a wait is given up by its client, by the end of its connection and by the end of the server', async () => {
  const loopback = new Loopback({ startup: new Promise(() => {}) });
  await known(loopback, 'a');
  const params = { units: ['a'], startup: true };
  const controller = new AbortController();
  const given = loopback.client().call('sync.wait', params, { signal: controller.signal });
  const gone = loopback.raw();
  gone.request({ id: 1, method: 'sync.wait', params });
  await settle();
  controller.abort();
  await expect(given).rejects.toMatchObject({ code: 'canceled' });
  gone.stream.destroy();
  const last = loopback.client().call('sync.wait', params);
  await settle();
  await Promise.all([
    expect(last).rejects.toMatchObject({ code: 'shutting_down' }),
    loopback.service[Symbol.asyncDispose](),
  ]);
  await loopback[Symbol.asyncDispose]();
});

test('a thousand waiters are answered by one completion', async () => {
  await using loopback = new Loopback();
  await known(loopback, 'gate');
  const waits = Array.from({ length: 1_000 }, () => loopback.client().call('sync.wait', { units: ['gate'] }));
  await settle();
  loopback.units.complete('gate');
  const answers = await Promise.all(waits);
  expect(answers.every(({ units }) => units[0]?.met)).toBe(true);
});

test('a wait for the start tells what went wrong with it by the time of the answer', async () => {
  const failures: StartFailure[] = [];
  await using loopback = new Loopback({ startFailures: () => failures });
  loopback.units.register('a');
  loopback.units.complete('a');
  const client = loopback.client();
  expect(await client.call('sync.wait', { startup: true })).toMatchObject({ failed: [] });
  failures.push({ unit: 'a', outcome: 'failed', exitCode: 7, signal: null, reason: null });
  expect(await client.call('sync.wait', { startup: true })).toMatchObject({ failed: failures, state: 'ready' });
  expect(await client.call('sync.wait', { units: ['a'] })).toMatchObject({ failed: [] });
});
