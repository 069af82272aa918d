import { expect, test } from 'vitest';
import { Loopback, settle } from './support/loopback.ts';

test('one start declares, waits and starts', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  const start = client.call('sync.start', { unit: 'c', needs: ['a'], after: ['b'] });
  await client.call('sync.complete', { unit: 'b', outcome: 'failed' });
  expect(loopback.units.find('c')?.status).toBe('pending');
  await client.call('sync.complete', { unit: 'a' });
  expect(await start).toMatchObject({ run: 1, already: false, waitedFor: ['a', 'b'], satisfied: [] });
  const required = loopback.units.dependencies('c').map(({ dependsOn, requires }) => [dependsOn, requires]);
  expect(required).toEqual([
    ['a', 'succeeded'],
    ['b', 'completed'],
  ]);
});

test('a start that needs what has failed is impossible, and its unit skipped', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.start', { unit: 'a' });
  await client.call('sync.complete', { unit: 'a', outcome: 'failed', exitCode: 2 });
  await expect(client.call('sync.start', { unit: 'b', needs: ['a'] })).rejects.toMatchObject({
    code: 'impossible',
    facts: { causes: [{ dependsOn: 'a', exitCode: 2 }] },
  });
  expect(loopback.units.find('b')?.outcome).toBe('skipped');
});

test('what a start declares stays when it is refused because it must wait', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await expect(client.call('sync.start', { unit: 'b', after: ['a'], wait: false })).rejects.toMatchObject({
    code: 'not_ready',
  });
  expect(await client.call('sync.status', { unit: 'b' })).toMatchObject({ waitingFor: ['a'] });
});

test('a name in needs and after must have succeeded, and is one change', async () => {
  await using loopback = new Loopback();
  await loopback.client().call('sync.want', { unit: 'b', needs: ['a'], after: ['a'] });
  expect(loopback.units.dependencies('b')).toMatchObject([{ dependsOn: 'a', requires: 'succeeded' }]);
  expect(loopback.units.seq).toBe(2);
});

test('want takes all three lists at once', async () => {
  await using loopback = new Loopback();
  const params = { unit: 'x', dependsOn: ['a'], requires: 'started' as const, needs: ['b'], after: ['c'] };
  const { dependencies } = await loopback.client().call('sync.want', params);
  expect(dependencies.map(({ dependsOn, requires }) => `${dependsOn} ${requires}`)).toEqual([
    'a started',
    'b succeeded',
    'c completed',
  ]);
});

test.each([
  ['a name that is none', { unit: 'z', needs: ['a', 'x\ny'] }, 'invalid_unit_id'],
  ['a unit that waits for itself', { unit: 'z', needs: ['a', 'z'] }, 'cycle'],
  ['a circle through a unit that is only named', { unit: 'a', needs: ['new', 'c'] }, 'cycle'],
])('%s leaves no trace of the whole request', async (_, params, code) => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'c', after: ['b'] });
  await client.call('sync.want', { unit: 'b', after: ['a'] });
  const { seq } = loopback.units;
  for (const method of ['sync.want', 'sync.start'] as const) {
    await expect(client.call(method, params)).rejects.toMatchObject({ code });
  }
  expect(loopback.units.seq).toBe(seq);
});

test('the circle of a unit that is only named is told whole', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'c', after: ['b'] });
  await client.call('sync.want', { unit: 'b', after: ['a'] });
  await expect(client.call('sync.want', { unit: 'a', needs: ['c'] })).rejects.toMatchObject({
    message: 'unit "a" would wait for itself: "a" → "c" → "b" → "a". Leave out one of these dependencies.',
    facts: { path: ['a', 'c', 'b', 'a'] },
  });
});

test('a started unit gets its new dependencies for its next run', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.start', { unit: 'a' });
  expect(await client.call('sync.start', { unit: 'a', needs: ['b'] })).toMatchObject({ already: true, run: 1 });
  await client.call('sync.complete', { unit: 'a' });
  const again = client.call('sync.start', { unit: 'a' });
  await settle();
  expect(loopback.units.find('a')?.run).toBe(1);
  await client.call('sync.complete', { unit: 'b' });
  expect(await again).toMatchObject({ run: 2, waitedFor: ['b'] });
});
