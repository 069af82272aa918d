import { expect, test } from 'vitest';
import { Loopback, settle } from './support/loopback.ts';

// Quadratic work in the number of names would take minutes here: the time that a test has is the bound.

const COUNT = 10_000;
const names = Array.from({ length: COUNT }, (_, index) => `unit-${index}`);

test('why answers for ten thousand units in one chain', async () => {
  await using loopback = new Loopback();
  for (const [index, name] of names.entries()) {
    loopback.units.register(name);
    if (index > 0) loopback.units.addDependencies(name, [{ dependsOn: `unit-${index - 1}`, requires: 'completed' }]);
  }
  const client = loopback.client();
  const { blockers } = await client.call('sync.why', { unit: 'unit-9999' });
  expect(blockers).toMatchObject([{ unit: 'unit-0', heldUpTotal: COUNT - 1 }]);
  expect(blockers[0]?.path).toHaveLength(COUNT);
  expect(blockers[0]?.heldUp).toHaveLength(100);
  expect((await client.call('sync.why', {})).blockers).toMatchObject([{ unit: 'unit-0', path: [] }]);
});

test('why answers for a unit that waits for ten thousand names that nobody registered', async () => {
  await using loopback = new Loopback();
  loopback.units.register('all');
  loopback.units.addDependencies(
    'all',
    names.map((dependsOn) => ({ dependsOn, requires: 'completed' as const })),
  );
  for (const name of names.slice(0, COUNT / 2)) loopback.units.register(`${name}!`);
  const { blockers } = await loopback.client().call('sync.why', { unit: 'all' });
  expect(blockers).toHaveLength(COUNT);
  expect(blockers.filter(({ nearest }) => nearest.length > 0)).toHaveLength(10);
});

test('a wait for as many names as a request can hold follows every change', async () => {
  await using loopback = new Loopback();
  const units = names.slice(0, 6_000).map((name) => name.replace('unit-', ''));
  for (const unit of units) loopback.units.register(unit);
  const waits = Array.from({ length: 5 }, () => loopback.client().call('sync.wait', { units }));
  await settle();
  for (const unit of units) loopback.units.complete(unit);
  for (const answer of await Promise.all(waits)) expect(answer.units.every(({ met }) => met)).toBe(true);
});

test('a connection that starts and completes ten thousand runs holds nothing of them', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  for (const _ of names) {
    await client.call('sync.start', { unit: 'a', hold: true });
    await client.call('sync.complete', { unit: 'a' });
  }
  const { seq } = loopback.units;
  await client[Symbol.asyncDispose]();
  await settle();
  expect(loopback.units.find('a')).toMatchObject({ run: COUNT, outcome: 'succeeded' });
  expect(loopback.units.seq).toBe(seq);
});
