import { expect, test } from 'vitest';
import { Loopback } from './support/loopback.ts';

test('ping tells who answers', async () => {
  await using loopback = new Loopback();
  expect(await loopback.client().call('ping', {})).toEqual({
    version: '1.2.3',
    protocol: '1.0',
    pid: process.pid,
    boot: 'boot-1',
    state: 'ready',
    socket: '/run/test/agent.sock',
    startedAt: '2026-01-02T03:04:05.678Z',
  });
});

test('start registers a new unit and starts it', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  expect(await client.call('sync.start', { unit: 'a' })).toEqual({
    unit: 'a',
    run: 1,
    already: false,
    waitedFor: [],
    satisfied: [],
    waitedMs: 0,
  });
  expect(loopback.units.find('a')?.status).toBe('started');
});

test('start of a started unit succeeds and says so', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.start', { unit: 'a' });
  expect(await client.call('sync.start', { unit: 'a' })).toMatchObject({ run: 1, already: true });
});

test('start of a completed unit begins its next run', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.start', { unit: 'a' });
  await client.call('sync.complete', { unit: 'a' });
  expect(await client.call('sync.start', { unit: 'a' })).toMatchObject({ run: 2, already: false });
});

test('start without waiting refuses a unit that is not ready, naming what is unmet', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'b', dependsOn: ['c', 'a'], requires: 'started' });
  await expect(client.call('sync.start', { unit: 'b', wait: false })).rejects.toMatchObject({
    code: 'not_ready',
    message:
      'unit "b" is not ready: it waits for "a" (not registered, needs started) and "c" (not registered, needs started).',
    facts: { unit: 'b', unmetTotal: 2, unmet: [{ dependsOn: 'a' }, { dependsOn: 'c' }] },
  });
  expect(loopback.units.find('b')?.status).toBe('pending');
});

test('start of a unit whose dependency failed is impossible, with the causes down to the root', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'b', dependsOn: ['a'], requires: 'succeeded' });
  await client.call('sync.want', { unit: 'c', dependsOn: ['b'], requires: 'succeeded' });
  await client.call('sync.complete', { unit: 'a', outcome: 'failed', exitCode: 1 });
  await expect(client.call('sync.start', { unit: 'c' })).rejects.toMatchObject({
    code: 'impossible',
    hint: 'Look at "a" first: that is where the trouble began.',
    facts: {
      causes: [
        { dependsOn: 'b', outcome: 'skipped' },
        { dependsOn: 'a', outcome: 'failed', exitCode: 1 },
      ],
    },
  });
  expect(await client.call('sync.status', { unit: 'c' })).toMatchObject({
    status: 'completed',
    outcome: 'skipped',
    causes: [{ dependsOn: 'b' }, { dependsOn: 'a' }],
  });
});

test('want registers the dependent only, and defaults to completed', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  expect(await client.call('sync.want', { unit: 'b', dependsOn: ['a'] })).toEqual({
    unit: 'b',
    ready: false,
    dependencies: [{ dependsOn: 'a', requires: 'completed', status: null, outcome: null, satisfied: false }],
  });
  expect(loopback.units.find('a')?.status).toBeNull();
});

test('want again changes nothing, and is allowed after the dependent has started', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.start', { unit: 'b' });
  await client.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  const { seq } = loopback.units;
  await client.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  expect(loopback.units.seq).toBe(seq);
  expect(loopback.units.find('b')?.status).toBe('started');
});

test('want refuses a circle with its whole path, and adds none of its dependencies', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  await client.call('sync.want', { unit: 'c', dependsOn: ['b'] });
  await expect(client.call('sync.want', { unit: 'a', dependsOn: ['x', 'c'] })).rejects.toMatchObject({
    code: 'cycle',
    facts: { path: ['a', 'c', 'b', 'a'] },
  });
  expect(loopback.units.dependencies('a')).toEqual([]);
});

test('a want that is refused registers nothing', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  const { seq } = loopback.units;
  for (const params of [
    { unit: 'a', dependsOn: ['x', 'b'] },
    { unit: 'new', dependsOn: ['x', 'new'] },
  ]) {
    await expect(client.call('sync.want', params)).rejects.toMatchObject({ code: 'cycle' });
  }
  expect(loopback.units.seq).toBe(seq);
  expect(loopback.units.find('a')?.status).toBeNull();
  expect(loopback.units.find('new')).toBeNull();
});

test.each(['', 'a\nb', 'x'.repeat(10_000)])('a name that is none is refused and leaves no trace: %j', async (name) => {
  await using loopback = new Loopback();
  const client = loopback.client();
  for (const params of [
    { unit: name, dependsOn: ['a'] },
    { unit: 'a', dependsOn: ['b', name] },
  ]) {
    await expect(client.call('sync.want', params)).rejects.toMatchObject({ code: 'invalid_unit_id' });
  }
  for (const method of ['sync.start', 'sync.complete', 'sync.ready', 'sync.status'] as const) {
    await expect(client.call(method, { unit: name })).rejects.toMatchObject({ code: 'invalid_unit_id' });
  }
  expect(loopback.units.seq).toBe(0);
});

test.each(['__proto__', 'constructor', 'module.dev.coder_script.configure["main"]', '🚀 größe'])(
  '%s is a name like any other',
  async (name) => {
    await using loopback = new Loopback();
    const client = loopback.client();
    await client.call('sync.want', { unit: name, dependsOn: ['toString'] });
    await client.call('sync.complete', { unit: 'toString' });
    await client.call('sync.start', { unit: name });
    expect(await client.call('sync.status', { unit: name })).toMatchObject({ unit: name, status: 'started' });
  },
);

test('complete registers a unit that is only named as a dependency', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  expect(await client.call('sync.complete', { unit: 'a' })).toEqual({
    unit: 'a',
    run: 1,
    outcome: 'succeeded',
    already: false,
    stopping: false,
  });
});

test('complete of a completed unit keeps its first outcome and says so', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.start', { unit: 'a' });
  await client.call('sync.complete', { unit: 'a', outcome: 'failed', exitCode: 9, reason: 'no network' });
  expect(await client.call('sync.complete', { unit: 'a' })).toMatchObject({ outcome: 'failed', already: true });
  expect(await client.call('sync.status', { unit: 'a' })).toMatchObject({ exitCode: 9, reason: 'no network' });
});

test('a name that nobody has mentioned is an error with the nearest known names', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'frontend', dependsOn: ['database', 'Databases', 'data'] });
  for (const method of ['sync.complete', 'sync.ready', 'sync.status'] as const) {
    await expect(client.call(method, { unit: 'databse' })).rejects.toMatchObject({
      code: 'unknown_unit',
      hint: 'Did you mean "database" or "Databases"?',
      facts: { unit: 'databse', nearest: ['database', 'Databases'] },
    });
  }
});

test('names registered before the server and by others are suggested too', async () => {
  await using loopback = new Loopback();
  loopback.units.register('prepare');
  await expect(loopback.client().call('sync.status', { unit: 'prepar' })).rejects.toMatchObject({
    facts: { nearest: ['prepare'] },
  });
});

test('ready and status agree on what a unit waits for', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'b', dependsOn: ['z', 'a'] });
  await client.call('sync.complete', { unit: 'a' });
  expect(await client.call('sync.ready', { unit: 'b' })).toMatchObject({
    ready: false,
    readiness: 'waiting',
    unmet: [{ dependsOn: 'z' }],
  });
  expect(await client.call('sync.status', { unit: 'b' })).toMatchObject({ ready: false, waitingFor: ['z'] });
  expect(await client.call('sync.ready', { unit: 'z' })).toMatchObject({ ready: true, readiness: 'runnable' });
});

test('list is sorted by name and shows units that are only named', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'b', dependsOn: ['c', 'B', 'a'] });
  const { units } = await client.call('sync.list', {});
  expect(units.map(({ unit, status }) => [unit, status])).toEqual([
    ['B', null],
    ['a', null],
    ['b', 'pending'],
    ['c', null],
  ]);
});

test('the causes of a long chain of skips are its nearest nine and its root', async () => {
  await using loopback = new Loopback();
  const { units } = loopback;
  const name = (index: number): string => `u${String(index).padStart(4, '0')}`;
  for (let index = 0; index < 2_000; index += 1) {
    units.register(name(index));
    if (index > 0) units.addDependencies(name(index), [{ dependsOn: name(index - 1), requires: 'succeeded' }]);
  }
  units.complete(name(0), { outcome: 'failed', exitCode: 4 });
  const list = await loopback.client().call('sync.list', {});
  const causes = list.units.at(-1)?.causes ?? [];
  expect(causes.map(({ dependsOn }) => dependsOn)).toEqual([
    ...Array.from({ length: 9 }, (_, index) => name(1998 - index)),
    name(0),
  ]);
  expect(causes.at(-1)).toMatchObject({ outcome: 'failed', exitCode: 4 });
});
