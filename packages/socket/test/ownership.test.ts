import { expect, test } from 'vitest';
import type { UnitOwnership } from '../src/server/index.ts';
import { Loopback } from './support/loopback.ts';

const ownership: UnitOwnership = {
  isOwned: (unit) => unit === 'script',
  accepts: (unit, token) => unit === 'script' && token === 'secret',
  endingOf: (unit, token) => (unit === 'script' && token === 'stopped' ? 'timed_out' : null),
  willRun: () => true,
};

const METHODS = ['sync.start', 'sync.complete'] as const;

test.each(METHODS)('%s of a unit of a script is refused without its token, and leaves no trace', async (method) => {
  await using loopback = new Loopback({ ownership });
  loopback.units.register('script');
  const { seq } = loopback.units;
  for (const token of [{}, { token: 'wrong' }, { token: '' }]) {
    await expect(loopback.client().call(method, { unit: 'script', ...token })).rejects.toMatchObject({
      code: 'not_owner',
      message: 'unit "script" belongs to a script, and only a run of that script may report it.',
      hint: 'Report it from inside that script.',
      facts: { unit: 'script' },
    });
  }
  await expect(loopback.client().call('sync.start', { unit: 'script', needs: ['a'] })).rejects.toMatchObject({
    code: 'not_owner',
  });
  expect(loopback.units.seq).toBe(seq);
});

test('the token of the script opens its unit, and nothing is marked', async () => {
  await using loopback = new Loopback({ ownership });
  loopback.units.register('script');
  const client = loopback.client();
  await client.call('sync.start', { unit: 'script', token: 'secret' });
  await client.call('sync.complete', { unit: 'script', token: 'secret', force: true });
  expect(await client.call('sync.status', { unit: 'script' })).toMatchObject({
    outcome: 'succeeded',
    forced: false,
    note: null,
  });
});

test('a run that is being stopped is told how it will end, and nothing is recorded', async () => {
  await using loopback = new Loopback({ ownership });
  loopback.units.register('script');
  loopback.units.start('script');
  const { seq } = loopback.units;
  const client = loopback.client();
  for (const more of [{}, { outcome: 'failed' as const }, { force: true }]) {
    expect(await client.call('sync.complete', { unit: 'script', token: 'stopped', ...more })).toEqual({
      unit: 'script',
      run: 1,
      outcome: 'timed_out',
      already: false,
      stopping: true,
    });
  }
  expect(loopback.units.seq).toBe(seq);
  // What it reported early stands.
  loopback.units.complete('script');
  expect(await client.call('sync.complete', { unit: 'script', token: 'stopped' })).toMatchObject({
    outcome: 'succeeded',
    already: true,
    stopping: false,
  });
  await expect(client.call('sync.start', { unit: 'script', token: 'stopped' })).rejects.toMatchObject({
    code: 'not_owner',
  });
});

test('force is recorded: a report as forced, a start as a note', async () => {
  await using loopback = new Loopback({ ownership });
  loopback.units.register('script');
  const client = loopback.client();
  await client.call('sync.start', { unit: 'script', force: true, token: 'wrong' });
  expect(await client.call('sync.status', { unit: 'script' })).toMatchObject({
    note: 'started by force, not by its script',
  });
  await client.call('sync.complete', { unit: 'script', force: true, outcome: 'failed' });
  expect(await client.call('sync.status', { unit: 'script' })).toMatchObject({ forced: true, outcome: 'failed' });
});

test('a forced start that waited is noted too', async () => {
  await using loopback = new Loopback({ ownership });
  const client = loopback.client();
  const start = client.call('sync.start', { unit: 'script', after: ['gate'], force: true });
  await client.call('sync.complete', { unit: 'gate' });
  await start;
  expect(loopback.units.find('script')?.note).toBe('started by force, not by its script');
});

test('what is done already is said so to anybody', async () => {
  await using loopback = new Loopback({ ownership });
  loopback.units.register('script');
  loopback.units.start('script');
  const client = loopback.client();
  expect(await client.call('sync.start', { unit: 'script' })).toMatchObject({ already: true });
  loopback.units.complete('script');
  expect(await client.call('sync.complete', { unit: 'script' })).toMatchObject({ already: true });
});

test('force on a unit that belongs to nobody marks nothing', async () => {
  await using loopback = new Loopback({ ownership });
  const client = loopback.client();
  await client.call('sync.start', { unit: 'phase', force: true });
  await client.call('sync.complete', { unit: 'phase', force: true });
  expect(loopback.units.find('phase')).toMatchObject({ note: null, completion: { outcome: 'succeeded' } });
  expect(loopback.units.find('phase')?.completion?.forced).toBeUndefined();
});

test('the token is repeated in no answer and no event', async () => {
  await using loopback = new Loopback({ ownership });
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.watch' });
  client.request({ id: 2, method: 'sync.start', params: { unit: 'script', token: 'hunter2' } });
  client.request({ id: 3, method: 'sync.start', params: { unit: 'script', token: 'x'.repeat(201) } });
  client.request({ id: 4, method: 'sync.start', params: { unit: 'script', token: 'secret' } });
  for (let line = await client.line(); line !== null; line = await client.line()) {
    expect(line).not.toMatch(/hunter2|xxx|secret/);
    if (line.includes('"id":4')) break;
  }
});
