import { expect, test } from 'vitest';
import type { SyncClient } from '../src/client/index.ts';
import { Loopback, settle } from './support/loopback.ts';

/** Asks for a lock, and tells whether it has come. */
function claim(
  client: SyncClient,
  params: { name: string; limit?: number },
): { held: boolean; answer: Promise<unknown> } {
  const answer = client.call('sync.lock', params);
  const state = { held: false, answer };
  answer.then(
    () => {
      state.held = true;
    },
    () => {}, // The test looks at the answer where that is the point.
  );
  return state;
}

test('a lock is held by one at a time, and handed on by unlock', async () => {
  await using loopback = new Loopback();
  const [a, b] = [loopback.client(), loopback.client()];
  expect(await a.call('sync.lock', { name: 'apt' })).toEqual({ name: 'apt', holders: 1, limit: 1, waitedMs: 0 });
  const second = claim(b, { name: 'apt' });
  await settle();
  expect(second.held).toBe(false);
  expect(await a.call('sync.unlock', { name: 'apt' })).toEqual({ name: 'apt', released: true });
  await second.answer;
  expect(await a.call('sync.unlock', { name: 'apt' })).toEqual({ name: 'apt', released: false });
});

test('locks of other names, and units of the same name, are no obstacle', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.lock', { name: 'a' });
  await client.call('sync.lock', { name: 'b' });
  await client.call('sync.start', { unit: 'a' });
  expect(loopback.units.list().map(({ unit }) => unit)).toEqual(['a']);
});

test('a line is served in its order', async () => {
  await using loopback = new Loopback();
  const clients = Array.from({ length: 20 }, () => loopback.client());
  const order: number[] = [];
  await Promise.all(
    clients.map(async (client, index) => {
      await client.call('sync.lock', { name: 'apt' });
      order.push(index);
      await client.call('sync.unlock', { name: 'apt' });
    }),
  );
  expect(order).toEqual(clients.map((_, index) => index));
});

test('as many hold a lock as its limit says', async () => {
  await using loopback = new Loopback();
  const claims = Array.from({ length: 5 }, () => claim(loopback.client(), { name: 'cpu', limit: 3 }));
  await settle();
  expect(claims.map(({ held }) => held)).toEqual([true, true, true, false, false]);
});

test('with different limits each goes by its own, and nobody overtakes', async () => {
  await using loopback = new Loopback();
  const [a, b, c] = [loopback.client(), loopback.client(), loopback.client()];
  await a.call('sync.lock', { name: 'cpu', limit: 3 });
  const alone = claim(b, { name: 'cpu', limit: 1 });
  const shared = claim(c, { name: 'cpu', limit: 3 });
  await settle();
  expect([alone.held, shared.held]).toEqual([false, false]);
  await a.call('sync.unlock', { name: 'cpu' });
  await alone.answer;
  await settle();
  expect(shared.held).toBe(false);
  await b.call('sync.unlock', { name: 'cpu' });
  await shared.answer;
});

test.each([
  ['destroyed', (client: SyncClient) => client[Symbol.asyncDispose]()],
  ['half-closed', null],
])('a connection that is %s releases all it holds and leaves every line', async (_, end) => {
  await using loopback = new Loopback();
  const other = loopback.client();
  await other.call('sync.lock', { name: 'b' });
  const holder = loopback.raw();
  const client = loopback.client();
  if (end === null) {
    for (const name of ['a', 'b']) holder.request({ id: name, method: 'sync.lock', params: { name } });
    await settle();
    holder.stream.end();
  } else {
    await client.call('sync.lock', { name: 'a' });
    const waiting = client.call('sync.lock', { name: 'b' }).catch(() => null); // Ends with its connection.
    await settle();
    await end(client);
    await waiting;
  }
  await other.call('sync.lock', { name: 'a' });
  await other.call('sync.unlock', { name: 'b' });
  await other.call('sync.lock', { name: 'b' });
});

test('a timeout leaves the line, and says who is in the way', async () => {
  await using loopback = new Loopback();
  const [a, b, c] = [loopback.client(), loopback.client(), loopback.client()];
  await a.call('sync.lock', { name: 'apt' });
  await expect(b.call('sync.lock', { name: 'apt', timeoutMs: 1 })).rejects.toMatchObject({
    code: 'timed_out',
    message: 'timed out after 0ms: lock "apt" is held by 1.',
    hint: 'See what holds it up with "muster why".',
  });
  const next = claim(c, { name: 'apt' });
  await a.call('sync.unlock', { name: 'apt' });
  await next.answer;
});

test('a request that is given up in the line leaves it', async () => {
  await using loopback = new Loopback();
  const [a, b] = [loopback.client(), loopback.client()];
  await a.call('sync.lock', { name: 'apt' });
  const controller = new AbortController();
  const given = b.call('sync.lock', { name: 'apt' }, { signal: controller.signal });
  await settle();
  controller.abort();
  await expect(given).rejects.toMatchObject({ code: 'canceled' });
  await a.call('sync.unlock', { name: 'apt' });
  expect((await a.call('sync.why', {})).locks).toEqual([]);
});

test('unlock leaves what its connection only waits for in the line', async () => {
  await using loopback = new Loopback();
  const [a, b] = [loopback.client(), loopback.client()];
  await a.call('sync.lock', { name: 'apt' });
  const waiting = claim(b, { name: 'apt' });
  await settle();
  expect(await b.call('sync.unlock', { name: 'apt' })).toMatchObject({ released: false });
  await a.call('sync.unlock', { name: 'apt' });
  await waiting.answer;
});

test('one connection may hold a semaphore several times', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  await client.call('sync.lock', { name: 'cpu', limit: 2 });
  expect(await client.call('sync.lock', { name: 'cpu', limit: 2 })).toMatchObject({ holders: 2 });
  const released = [1, 2, 3].map(() => client.call('sync.unlock', { name: 'cpu' }));
  expect((await Promise.all(released)).map((answer) => answer.released)).toEqual([true, true, false]);
});

test('a server that shuts down tells those in the line', async () => {
  const loopback = new Loopback();
  await loopback.client().call('sync.lock', { name: 'apt' });
  const waiting = loopback.client().call('sync.lock', { name: 'apt' });
  await settle();
  await Promise.all([
    expect(waiting).rejects.toMatchObject({ code: 'shutting_down' }),
    loopback.service[Symbol.asyncDispose](),
  ]);
  await loopback[Symbol.asyncDispose]();
});

test('a name that could not be shown is refused', async () => {
  await using loopback = new Loopback();
  await expect(loopback.client().call('sync.lock', { name: 'a\u001b[2J' })).rejects.toMatchObject({
    code: 'invalid_unit_id',
  });
});
