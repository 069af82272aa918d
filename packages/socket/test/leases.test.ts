import { duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import { FakeProcesses } from './support/fake-processes.ts';
import { Loopback, RawClient, settle } from './support/loopback.ts';

const GONE = { status: 'completed', outcome: 'failed', completion: { reason: 'owner gone: its connection ended' } };

async function holding(loopback: Loopback, params: object = {}): Promise<RawClient> {
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.start', params: { unit: 'a', hold: true, ...params } });
  expect(await client.message()).toMatchObject({ result: { run: 1 } });
  return client;
}

test.each([
  ['is closed by its client', (client: RawClient) => void client.stream.end()],
  ['is destroyed', (client: RawClient) => void client.stream.destroy()],
  ['sends garbage without end', (client: RawClient) => client.send('x'.repeat(100_000))],
])('a held run fails at once when its connection %s', async (_, end) => {
  await using loopback = new Loopback();
  const client = await holding(loopback);
  end(client);
  await settle();
  expect(loopback.units.find('a')).toMatchObject(GONE);
});

test('a held run fails when the server shuts down', async () => {
  const loopback = new Loopback();
  await holding(loopback);
  await loopback[Symbol.asyncDispose]();
  expect(loopback.units.find('a')).toMatchObject(GONE);
});

test('the dependents of a held run are skipped or released when its owner goes', async () => {
  await using loopback = new Loopback();
  const other = loopback.client();
  await other.call('sync.want', { unit: 'needs', needs: ['a'] });
  await other.call('sync.want', { unit: 'after', after: ['a'] });
  const client = await holding(loopback);
  const start = other.call('sync.start', { unit: 'after' });
  client.stream.destroy();
  expect(await start).toMatchObject({ run: 1 });
  expect(loopback.units.find('needs')).toMatchObject({ outcome: 'skipped' });
});

test('a connection that ends in the very step in which its wait is over leaves no run behind', async () => {
  await using loopback = new Loopback();
  const { units } = loopback;
  const [stream, serverEnd] = duplexPair();
  loopback.service.serve(serverEnd);
  const client = new RawClient(stream);
  client.request({ id: 1, method: 'sync.start', params: { unit: 'a', after: ['gate'], hold: true } });
  await settle();
  using _ = units.subscribe(({ unit, type }) => {
    if (unit === 'a' && type === 'started') serverEnd.destroy();
  });
  // From a callback of the event loop: then the end of the stream is told before any promise goes on.
  setImmediate(() => {
    units.register('gate');
    units.complete('gate');
  });
  await settle();
  expect(units.find('a')).toMatchObject({ run: 1, ...GONE });
});

test('a server that shuts down in the very step in which a wait is over leaves no run behind', async () => {
  await using loopback = new Loopback();
  const { units } = loopback;
  const start = loopback.client().call('sync.start', { unit: 'a', after: ['gate'], hold: true });
  await settle();
  using _ = units.subscribe(({ unit, type }) => {
    if (unit === 'a' && type === 'started') void loopback.service[Symbol.asyncDispose]();
  });
  units.register('gate');
  units.complete('gate');
  await start.catch(() => null); // Answered or not: the run is what counts.
  await settle();
  expect(units.find('a')).toMatchObject({ run: 1, ...GONE });
});

test('a run that was completed is left alone when its owner goes', async () => {
  await using loopback = new Loopback();
  const client = await holding(loopback);
  await loopback.client().call('sync.complete', { unit: 'a' });
  const { seq } = loopback.units;
  client.stream.destroy();
  await settle();
  expect(loopback.units.find('a')).toMatchObject({ run: 1, outcome: 'succeeded' });
  expect(loopback.units.seq).toBe(seq);
});

test('a later run that somebody else started is left alone', async () => {
  await using loopback = new Loopback();
  const client = await holding(loopback);
  const other = loopback.client();
  await other.call('sync.complete', { unit: 'a' });
  await other.call('sync.start', { unit: 'a' });
  client.stream.destroy();
  await settle();
  expect(loopback.units.find('a')).toMatchObject({ run: 2, status: 'started', outcome: 'succeeded' });
});

test('a run that ended in the very step in which it began has no owner, nor has the next one', async () => {
  await using loopback = new Loopback();
  const { units } = loopback;
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.start', params: { unit: 'a', after: ['gate'], hold: true } });
  await settle();
  using _ = units.subscribe((event) => {
    if (event.unit !== 'a' || event.type !== 'started' || event.run !== 1) return;
    units.complete('a');
    units.start('a');
  });
  units.register('gate');
  units.complete('gate');
  expect(await client.message()).toMatchObject({ result: { run: 1 } });
  client.stream.destroy();
  await settle();
  expect(units.find('a')).toMatchObject({ run: 2, status: 'started' });
});

test('who asks for a run that is started already does not become its owner', async () => {
  await using loopback = new Loopback();
  await loopback.client().call('sync.start', { unit: 'a' });
  const late = loopback.raw();
  late.request({ id: 1, method: 'sync.start', params: { unit: 'a', hold: true } });
  expect(await late.message()).toMatchObject({ result: { already: true } });
  late.stream.destroy();
  await settle();
  expect(loopback.units.find('a')).toMatchObject({ status: 'started', owner: null });
});

test('of two who wait to hold one unit only the one that started it answers for it', async () => {
  await using loopback = new Loopback();
  const [first, second] = [loopback.raw(), loopback.raw()];
  for (const client of [first, second]) {
    client.request({ id: 1, method: 'sync.start', params: { unit: 'a', after: ['gate'], hold: true } });
  }
  await settle();
  await loopback.client().call('sync.complete', { unit: 'gate' });
  expect(await first.message()).toMatchObject({ result: { already: false } });
  expect(await second.message()).toMatchObject({ result: { already: true } });
  second.stream.destroy();
  await settle();
  expect(loopback.units.find('a')?.status).toBe('started');
  first.stream.destroy();
  await settle();
  expect(loopback.units.find('a')).toMatchObject(GONE);
});

test('a run whose process ends fails, and nobody is looked at any more', async () => {
  const processes = new FakeProcesses();
  await using loopback = new Loopback({ processes: processes.watch });
  processes.begin(4711);
  await loopback.client().call('sync.start', { unit: 'a', pid: 4711 });
  processes.look();
  expect(loopback.units.find('a')).toMatchObject({ status: 'started', owner: 'process 4711' });
  processes.end(4711);
  processes.look();
  expect(loopback.units.find('a')).toMatchObject({
    outcome: 'failed',
    completion: { reason: 'owner gone: process 4711 ended' },
  });
  expect(processes.isLooking).toBe(false);
});

test('a recycled pid is not taken for the process', async () => {
  const processes = new FakeProcesses();
  await using loopback = new Loopback({ processes: processes.watch });
  processes.begin(4711, '100');
  await loopback.client().call('sync.start', { unit: 'a', pid: 4711 });
  processes.begin(4711, '200');
  processes.look();
  expect(loopback.units.find('a')).toMatchObject({ outcome: 'failed' });
});

test('a pid that no process has is refused, and leaves no trace', async () => {
  await using loopback = new Loopback({ processes: new FakeProcesses().watch });
  await expect(loopback.client().call('sync.start', { unit: 'a', needs: ['b'], pid: 4711 })).rejects.toMatchObject({
    code: 'invalid_params',
    message: 'sync.start: there is no process 4711.',
    facts: { field: 'pid' },
  });
  expect(loopback.units.seq).toBe(0);
});

test('a wait whose process ends is given up, even if another process has its pid by then', async () => {
  const processes = new FakeProcesses();
  await using loopback = new Loopback({ processes: processes.watch });
  processes.begin(4711, '100');
  const start = loopback.client().call('sync.start', { unit: 'a', after: ['gate'], pid: 4711 });
  await settle();
  processes.begin(4711, '200');
  await Promise.all([
    expect(start).rejects.toMatchObject({ code: 'canceled' }),
    Promise.resolve().then(() => processes.look()),
  ]);
  await loopback.client().call('sync.complete', { unit: 'gate' });
  expect(loopback.units.find('a')?.status).toBe('pending');
  expect(processes.isLooking).toBe(false);
});

test('a wait that is over in any way stops looking at its process', async () => {
  const processes = new FakeProcesses();
  await using loopback = new Loopback({ processes: processes.watch });
  processes.begin(4711);
  const client = loopback.client();
  await expect(
    client.call('sync.start', { unit: 'a', after: ['gate'], pid: 4711, timeoutMs: 1 }),
  ).rejects.toMatchObject({ code: 'timed_out' });
  expect(processes.isLooking).toBe(false);
  await client.call('sync.start', { unit: 'b', pid: 4711 });
  await client.call('sync.complete', { unit: 'b' });
  expect(processes.isLooking).toBe(false);
});

test('with a connection and a process the first to go ends the run', async () => {
  const processes = new FakeProcesses();
  await using loopback = new Loopback({ processes: processes.watch });
  processes.begin(4711);
  const client = await holding(loopback, { pid: 4711 });
  client.stream.destroy();
  await settle();
  expect(loopback.units.find('a')).toMatchObject(GONE);
  expect(processes.isLooking).toBe(false);
});

test('what the holder tells of work that was completed early is noted, if it went wrong', async () => {
  await using loopback = new Loopback();
  const { units } = loopback;
  const [holder, other] = [loopback.client(), loopback.client()];
  await holder.call('sync.start', { unit: 'a', hold: true });
  await other.call('sync.complete', { unit: 'a' });
  const { seq } = units;
  await holder.call('sync.complete', { unit: 'a' });
  await other.call('sync.complete', { unit: 'a', outcome: 'failed', exitCode: 3 });
  expect(units.seq).toBe(seq);
  const late = { unit: 'a', outcome: 'failed', exitCode: 3, reason: 'no disk' } as const;
  expect(await holder.call('sync.complete', late)).toMatchObject({ outcome: 'succeeded', already: true });
  expect(await other.call('sync.status', { unit: 'a' })).toMatchObject({
    outcome: 'succeeded',
    note: 'the work failed with exit code 3 (no disk) after its unit had been completed',
  });
});

test('what a holder tells of its run is noted on no other run', async () => {
  await using loopback = new Loopback();
  const { units } = loopback;
  const client = loopback.client();
  await client.call('sync.start', { unit: 'a', hold: true });
  units.complete('a');
  units.start('a');
  units.complete('a');
  await client.call('sync.complete', { unit: 'a', outcome: 'failed' });
  expect(units.find('a')).toMatchObject({ run: 2, note: null });
  // A run that began without an owner is nobody's.
  await client.call('sync.start', { unit: 'b' });
  units.complete('b');
  await client.call('sync.complete', { unit: 'b', outcome: 'failed' });
  expect(units.find('b')).toMatchObject({ note: null });
});
