import { expect, test } from 'vitest';
import { Loopback } from './support/loopback.ts';

test('why follows every chain to its end, and says who holds up what', async () => {
  await using loopback = new Loopback({ expectedMs: (unit) => (unit === 'db' ? 41_000.4 : null) });
  const client = loopback.client();
  await client.call('sync.want', { unit: 'web', needs: ['api'], after: ['assets'] });
  await client.call('sync.want', { unit: 'api', needs: ['db'] });
  await client.call('sync.start', { unit: 'assets' });
  await client.call('sync.start', { unit: 'db', hold: true });
  const { unit, blockers } = await client.call('sync.why', { unit: 'web' });
  expect(unit).toMatchObject({ unit: 'web', status: 'pending', waitingFor: ['api', 'assets'] });
  expect(blockers).toEqual([
    {
      unit: 'assets',
      obstacle: 'running',
      since: '2026-01-02T03:04:05.678Z',
      outcome: null,
      owner: null,
      expectedMs: null,
      circle: [],
      path: ['web', 'assets'],
      heldUp: ['web'],
      heldUpTotal: 1,
      nearest: [],
      willRun: false,
      isOwned: false,
      isHopeless: false,
    },
    {
      unit: 'db',
      obstacle: 'running',
      since: '2026-01-02T03:04:05.678Z',
      outcome: null,
      owner: 'a connection that is held',
      expectedMs: 41_000,
      circle: [],
      path: ['web', 'api', 'db'],
      heldUp: ['api', 'web'],
      heldUpTotal: 2,
      nearest: [],
      willRun: false,
      isOwned: false,
      isHopeless: false,
    },
  ]);
});

test('why of everything puts the costliest first', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  for (const unit of ['a', 'b', 'c']) await client.call('sync.want', { unit, after: ['cheap', 'dear'] });
  await client.call('sync.want', { unit: 'd', after: ['dear'] });
  const { unit, blockers } = await client.call('sync.why', {});
  expect(unit).toBeNull();
  expect(blockers.map((blocker) => [blocker.unit, blocker.heldUp, blocker.path])).toEqual([
    ['dear', ['a', 'b', 'c', 'd'], []],
    ['cheap', ['a', 'b', 'c'], []],
  ]);
});

test('a name that nobody has registered comes with registered ones like it, never with names as unknown as itself', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  loopback.units.register('database');
  await client.call('sync.want', { unit: 'web', after: ['databse', 'databases'] });
  const { blockers } = await client.call('sync.why', { unit: 'web' });
  expect(blockers.map(({ unit, obstacle, since, nearest }) => ({ unit, obstacle, since, nearest }))).toEqual([
    { unit: 'databases', obstacle: 'not_registered', since: null, nearest: ['database'] },
    { unit: 'databse', obstacle: 'not_registered', since: null, nearest: ['database'] },
  ]);
});

test('a unit that waits for nothing has no blockers, and an unknown one is refused with the nearest', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.start', { unit: 'database' });
  expect(await client.call('sync.why', { unit: 'database' })).toMatchObject({
    unit: { unit: 'database' },
    blockers: [],
  });
  await expect(client.call('sync.why', { unit: 'databse' })).rejects.toMatchObject({
    code: 'unknown_unit',
    facts: { nearest: ['database'] },
  });
});

test('a skipped unit is explained by the unit that failed', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.want', { unit: 'c', needs: ['b'] });
  await client.call('sync.want', { unit: 'b', needs: ['a'] });
  await client.call('sync.complete', { unit: 'a', outcome: 'failed' });
  expect(await client.call('sync.why', { unit: 'c' })).toMatchObject({
    unit: { outcome: 'skipped', causes: [{ dependsOn: 'b' }, { dependsOn: 'a' }] },
    blockers: [{ unit: 'a', obstacle: 'ended', outcome: 'failed', path: ['c', 'b', 'a'] }],
  });
});

test('only a script that will not run any more is hopeless', async () => {
  await using loopback = new Loopback({
    ownership: {
      isOwned: (unit) => unit.startsWith('script'),
      accepts: () => false,
      endingOf: () => null,
      willRun: (unit) => unit === 'script to come',
    },
  });
  for (const unit of ['script to come', 'script of stop', 'script at work', 'phase']) loopback.units.register(unit);
  loopback.units.start('script at work');
  const client = loopback.client();
  const after = ['script to come', 'script of stop', 'script at work', 'phase'];
  await client.call('sync.want', { unit: 'web', after });
  const { blockers } = await client.call('sync.why', { unit: 'web' });
  expect(blockers.filter(({ isHopeless }) => isHopeless).map(({ unit }) => unit)).toEqual(['script of stop']);
});

test('locks that somebody holds or waits for are shown, the line in its order', async () => {
  await using loopback = new Loopback();
  const clients = [loopback.client(), loopback.client(), loopback.client()];
  const claims = clients.map((client, index) =>
    client.call('sync.lock', { name: 'apt', ...(index === 1 ? {} : { label: `client ${index}` }) }),
  );
  await claims[0];
  const { locks } = await loopback.client().call('sync.why', {});
  expect(locks).toEqual([
    {
      name: 'apt',
      limit: 1,
      holders: [{ label: 'client 0', unit: null, since: '2026-01-02T03:04:05.678Z' }],
      waiting: [
        { label: null, unit: null, since: '2026-01-02T03:04:05.678Z' },
        { label: 'client 2', unit: null, since: '2026-01-02T03:04:05.678Z' },
      ],
    },
  ]);
  await Promise.allSettled([loopback[Symbol.asyncDispose](), ...claims]);
});
