import { expect, test } from 'vitest';
import { Loopback, settle } from './support/loopback.ts';

function needs(...names: string[]): { dependsOn: string; requires: 'completed' }[] {
  return names.map((dependsOn) => ({ dependsOn, requires: 'completed' }));
}

async function blocked(loopback: Loopback): Promise<void> {
  await loopback.client().call('sync.want', { unit: 'b', dependsOn: ['a', 'z'], requires: 'succeeded' });
  await loopback.client().call('sync.complete', { unit: 'z' });
}

test('a waiting start is answered in the step in which its unit becomes runnable', async () => {
  await using loopback = new Loopback();
  await blocked(loopback);
  const start = loopback.client().call('sync.start', { unit: 'b' });
  await loopback.client().call('sync.complete', { unit: 'a' });
  expect(loopback.units.find('b')?.status).toBe('started');
  expect(await start).toMatchObject({ run: 1, already: false, waitedFor: ['a'], satisfied: ['z'] });
});

test('of several that wait for one unit one starts it, and the others are told', async () => {
  await using loopback = new Loopback();
  await blocked(loopback);
  const starts = [1, 2, 3].map(() => loopback.client().call('sync.start', { unit: 'b' }));
  await loopback.client().call('sync.complete', { unit: 'a' });
  const answers = await Promise.all(starts);
  expect(answers.map(({ run }) => run)).toEqual([1, 1, 1]);
  expect(answers.filter(({ already }) => !already)).toHaveLength(1);
});

test('a wait that can never end ends as impossible', async () => {
  await using loopback = new Loopback();
  await blocked(loopback);
  const start = loopback.client().call('sync.start', { unit: 'b' });
  await Promise.all([
    expect(start).rejects.toMatchObject({ code: 'impossible', facts: { causes: [{ dependsOn: 'a' }] } }),
    loopback.client().call('sync.complete', { unit: 'a', outcome: 'failed' }),
  ]);
  expect(loopback.units.find('b')).toMatchObject({ status: 'completed', outcome: 'skipped' });
});

test('a timeout answers what was unmet and leaves the unit pending', async () => {
  await using loopback = new Loopback();
  await blocked(loopback);
  await expect(loopback.client().call('sync.start', { unit: 'b', timeoutMs: 5 })).rejects.toMatchObject({
    code: 'timed_out',
    message: 'timed out after 0ms: unit "b" still waits for "a" (not registered, needs succeeded).',
    hint: 'Nobody has registered "a": is that the right name? See how far its dependencies are with "muster status UNIT".',
    facts: { unit: 'b', waitedMs: 0, unmet: [{ dependsOn: 'a' }] },
  });
  expect(loopback.units.find('b')?.status).toBe('pending');
});

test('a refusal says which registered name may have been meant, and never the unit itself or what it depends on', async () => {
  await using loopback = new Loopback();
  const client = loopback.client();
  for (const unit of ['database', 'databases', 'cloned']) await client.call('sync.start', { unit });
  const hint = async (unit: string, ...needs: string[]): Promise<string> =>
    (await client.call('sync.start', { unit, needs, wait: false }).catch((error) => error)).hint;
  expect(await hint('api', 'databse')).toMatch(/^Nobody has registered "databse": did you mean "database"/);
  expect(await hint('api', 'clone')).toMatch('"clone", "databse": did you mean "cloned" for "clone", "database" or');
  expect(await hint('network', 'netwrk')).toMatch('"netwrk": is that the right name?');
  expect(await hint('web', 'database', 'databases', 'databse')).toMatch('"databse": is that the right name?');
});

test('progress tells what is awaited at first and when it has changed', async () => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.want', params: { unit: 'c', dependsOn: ['a', 'b'] } });
  await client.line();
  const next = async (): Promise<unknown> => {
    const { unmet, unmetTotal } = (await client.message()).params;
    return [unmetTotal, ...unmet.map(({ dependsOn }: { dependsOn: string }) => dependsOn)];
  };
  client.request({ id: 2, method: 'sync.start', params: { unit: 'c', progress: true } });
  expect(await next()).toEqual([2, 'a', 'b']);
  loopback.units.register('a');
  loopback.units.complete('a');
  expect(await next()).toEqual([1, 'b']);
  loopback.units.register('b');
  loopback.units.complete('b');
  expect(await client.message()).toMatchObject({ id: 2, result: { run: 1, waitedFor: ['a', 'b'] } });
});

test('a thousand changes at once are a few notifications, each of a hundred names at the most', async () => {
  await using loopback = new Loopback();
  const names = Array.from({ length: 1_000 }, (_, index) => `d${index}`);
  const { units } = loopback;
  units.addDependencies('all', needs(...names), { register: true });
  let evaluations = 0;
  const evaluate = units.evaluate.bind(units);
  units.evaluate = (unit) => {
    evaluations += 1;
    return evaluate(unit);
  };
  const client = loopback.client();
  const sizes: number[] = [];
  using _ = client.onNotification('sync.waiting', ({ unmet, unmetTotal }) => sizes.push(unmet.length, unmetTotal));
  const start = client.call('sync.start', { unit: 'all', progress: true });
  await settle();
  for (const name of names) {
    units.register(name);
    units.complete(name);
  }
  expect(await start).toMatchObject({ run: 1 });
  expect(sizes).toEqual([100, 1_000]);
  expect(evaluations).toBeLessThan(5);
});

test('a wait that is given up starts nothing later', async () => {
  await using loopback = new Loopback();
  await blocked(loopback);
  const controller = new AbortController();
  const client = loopback.client();
  const start = client.call('sync.start', { unit: 'b' }, { signal: controller.signal });
  await client.call('ping', {});
  controller.abort();
  await expect(start).rejects.toMatchObject({ name: 'ClientError', code: 'canceled' });
  await client.call('sync.complete', { unit: 'a' });
  expect(loopback.units.find('b')?.status).toBe('pending');
});

test('what was carried out before it could be given up is reported as done', async () => {
  await using loopback = new Loopback();
  const controller = new AbortController();
  const start = loopback.client().call('sync.start', { unit: 'a' }, { signal: controller.signal });
  controller.abort();
  expect(await start).toMatchObject({ run: 1 });
});

test('a call with a signal that has fired sends nothing', async () => {
  await using loopback = new Loopback();
  const call = loopback.client().call('sync.start', { unit: 'a' }, { signal: AbortSignal.abort() });
  await expect(call).rejects.toMatchObject({ code: 'canceled' });
  expect(loopback.units.seq).toBe(0);
});

test('cancel says whether there was such a request, and takes the id at its type', async () => {
  await using loopback = new Loopback();
  await blocked(loopback);
  const client = loopback.raw();
  client.request({ id: '1', method: 'sync.start', params: { unit: 'b' } });
  client.request({ id: 2, method: 'cancel', params: { id: 1 } });
  expect(await client.message()).toMatchObject({ id: 2, result: { canceled: false } });
  client.request({ id: 3, method: 'cancel', params: { id: '1' } });
  expect(await client.message()).toMatchObject({ id: 3, result: { canceled: true } });
  expect(await client.message()).toMatchObject({ id: '1', error: { data: { code: 'canceled' } } });
});

test('a client that only stops sending gets its answer when it comes, and then the end', async () => {
  await using loopback = new Loopback();
  await blocked(loopback);
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.start', params: { unit: 'b' } });
  client.send('{"jsonrpc":"2.0","id":2,"method":"ping"}');
  client.stream.end();
  expect(await client.message()).toMatchObject({ id: 2 });
  await loopback.client().call('sync.complete', { unit: 'a' });
  expect(await client.message()).toMatchObject({ id: 1, result: { run: 1 } });
  expect(await client.line()).toBeNull();
});

test('a client that only stops sending goes on to get what it watches', async () => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.watch' });
  client.stream.end();
  expect(await client.message()).toMatchObject({ id: 1 });
  loopback.units.register('a');
  expect(await client.message()).toMatchObject({ method: 'sync.event', params: { unit: 'a' } });
});

test('a closing server answers who waits, tells who does not, and can be closed again', async () => {
  await using loopback = new Loopback();
  await blocked(loopback);
  const [waiting, idle] = [loopback.raw(), loopback.raw()];
  const client = loopback.client();
  const start = client.call('sync.start', { unit: 'b' });
  waiting.request({ id: 1, method: 'sync.start', params: { unit: 'b' } });
  waiting.request({ id: 2, method: 'ping' });
  await waiting.line();
  await Promise.all([
    expect(start).rejects.toMatchObject({ name: 'RpcError', code: 'shutting_down' }),
    loopback.service[Symbol.asyncDispose](),
    loopback.service[Symbol.asyncDispose](),
  ]);
  expect(await waiting.message()).toMatchObject({ id: 1, error: { data: { code: 'shutting_down' } } });
  expect(await idle.message()).toMatchObject({ id: null, error: { data: { code: 'shutting_down' } } });
  expect(await idle.line()).toBeNull();
  await expect(client.call('ping', {})).rejects.toMatchObject({ code: 'shutting_down' });
  const late = loopback.raw();
  expect(await late.message()).toMatchObject({ error: { data: { code: 'shutting_down' } } });
});
