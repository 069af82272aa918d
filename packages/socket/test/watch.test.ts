import { connect } from 'node:net';
import type { UnitManager } from '@muster/unit';
import { expect, test } from 'vitest';
import type { NotificationParams } from '../src/protocol/index.ts';
import { Loopback, RawClient, settle } from './support/loopback.ts';
import { UnixServer } from './support/unix-server.ts';

type Event = NotificationParams<'sync.event'>;

function churn(units: UnitManager, times: number): void {
  if (units.find('u') === null) units.register('u');
  for (let index = 0; index < times; index += 1) {
    units.start('u');
    units.complete('u');
  }
}

test('watch without since sends what comes from now on', async () => {
  await using loopback = new Loopback();
  loopback.units.register('old');
  const client = loopback.client();
  const events: Event[] = [];
  using _ = client.onNotification('sync.event', (event) => events.push(event));
  expect(await client.call('sync.watch', {})).toEqual({ boot: 'boot-1', seq: 1, snapshot: null });
  await client.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  await client.call('sync.want', { unit: 'b', dependsOn: ['a'], requires: 'succeeded' });
  await client.call('sync.complete', { unit: 'a', outcome: 'failed', exitCode: 2 });
  await client.call('ping', {});
  expect(events.map(({ seq, type, unit }) => [seq, type, unit])).toEqual([
    [2, 'registered', 'b'],
    [3, 'dependency_set', 'b'],
    [4, 'dependency_set', 'b'],
    [5, 'registered', 'a'],
    [6, 'completed', 'a'],
    [7, 'completed', 'b'],
  ]);
  expect(events[2]).toMatchObject({ requires: 'succeeded', replaces: 'completed' });
  expect(events[5]).toMatchObject({ outcome: 'skipped', because: { dependsOn: 'a', requires: 'succeeded' } });
});

test('watch since a number sends everything after it, after the answer', async () => {
  await using loopback = new Loopback();
  churn(loopback.units, 3);
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.watch', params: { since: 2 } });
  expect(await client.message()).toMatchObject({ id: 1, result: { seq: 7, snapshot: null } });
  for (const seq of [3, 4, 5, 6, 7]) expect((await client.message()).params.seq).toBe(seq);
});

test.each([
  ['older than the events that are kept', 1],
  ['of another boot', 999],
])('watch since a number %s gets the state to go on from', async (_what, since) => {
  await using loopback = new Loopback({ tail: 4 });
  churn(loopback.units, 10);
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.watch', params: { since } });
  expect(await client.message()).toMatchObject({
    result: { seq: 21, snapshot: [{ unit: 'u', status: 'completed', run: 10 }] },
  });
  loopback.units.start('u');
  expect(await client.message()).toMatchObject({ params: { seq: 22, type: 'started', run: 11 } });
});

test('watching again replaces the watch: no event comes twice', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  const seen: number[] = [];
  using _ = client.onNotification('sync.event', ({ seq }) => seen.push(seq));
  await client.call('sync.watch', {});
  await client.call('sync.watch', {});
  churn(loopback.units, 1);
  await client.call('ping', {});
  expect(seen).toEqual([1, 2, 3]);
});

test('a reader that stops for a while misses nothing that is still kept', async () => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.watch' });
  await client.line();
  client.stream.pause();
  churn(loopback.units, 2_000);
  await settle();
  client.stream.resume();
  for (let seq = 1; seq <= 4_001; seq += 1) expect((await client.message()).params.seq).toBe(seq);
});

test('a reader that falls behind what is kept is told so with the present state, and goes on', async () => {
  await using loopback = new Loopback({ tail: 100 });
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.watch' });
  await client.line();
  client.stream.pause();
  for (let round = 0; round < 100; round += 1) {
    churn(loopback.units, 20);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const held = client.stream.readableLength;
  expect(held).toBeLessThan(256 * 1024);
  client.stream.resume();
  let last = 0;
  let lagged = 0;
  while (last < 4_001) {
    const { method, params } = await client.message();
    if (method === 'sync.lagged') {
      lagged += 1;
      expect(params.units).toMatchObject([{ unit: 'u', run: 2_000 }]);
      expect(params.seq).toBeGreaterThan(last + 1);
    } else {
      expect(params.seq).toBe(last + 1);
    }
    last = params.seq;
  }
  expect(lagged).toBe(1);
});

test('the manager holds no listener of a connection that has ended', async () => {
  await using server = await UnixServer.open();
  await using other = await server.client();
  let listeners = 0;
  const { subscribe } = server.units;
  server.units.subscribe = (listener) => {
    listeners += 1;
    const subscription = Reflect.apply(subscribe, server.units, [listener]);
    return {
      [Symbol.dispose]: () => {
        listeners -= 1;
        subscription[Symbol.dispose]();
      },
    };
  };
  const client = new RawClient(connect(server.path));
  client.request({ id: 1, method: 'sync.watch' });
  await client.line();
  expect(listeners).toBe(1);
  client.stream.destroy();
  await new Promise((resolve) => client.stream.once('close', resolve));
  await other.call('ping', {});
  expect(listeners).toBe(0);
});
