import { expect, test } from 'vitest';
import { Loopback, settle } from './support/loopback.ts';

test.each([
  ['a parse error', '{"jsonrpc":', 'null', 'parse_error', -32700],
  ['an array', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 'null', 'invalid_request', -32600],
  ['a number', '7', 'null', 'invalid_request', -32600],
  ['no version', '{"id":1,"method":"ping"}', '1', 'invalid_request', -32600],
  ['an object as id', '{"jsonrpc":"2.0","id":{},"method":"ping"}', 'null', 'invalid_request', -32600],
  ['no method', '{"jsonrpc":"2.0","id":"x"}', '"x"', 'invalid_request', -32600],
  ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"sync.strat"}', '1', 'unknown_method', -32601],
  ['a method of every object', '{"jsonrpc":"2.0","id":1,"method":"__proto__"}', '1', 'unknown_method', -32601],
  ['params by position', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', '1', 'invalid_params', -32602],
  ['params of no type', '{"jsonrpc":"2.0","id":1,"method":"ping","params":"x"}', '1', 'invalid_params', -32602],
])('%s is answered with its error, and the connection goes on', async (...row) => {
  const [, line, id, word, number] = row;
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.send(`${line}\n`);
  const answer = (await client.line()) ?? '';
  expect(answer).toContain(`"id":${id},`);
  expect(JSON.parse(answer).error).toMatchObject({ code: number, data: { code: word } });
  client.request({ id: 'next', method: 'ping' });
  expect(await client.message()).toMatchObject({ id: 'next', result: { protocol: '1.0' } });
});

test.each(['0', '-5', '"text"', '""', 'null', '"\\u0000\\"é"', '12345678901234567890123', '1.5', '1e400', '-1e-7'])(
  'the id %s comes back as it was sent',
  async (id) => {
    await using loopback = new Loopback();
    const client = loopback.raw();
    client.send(`{"jsonrpc":"2.0","params":{},"id":${id},"method":"ping"}\n`);
    const answer = (await client.line()) ?? '';
    const sent = id.startsWith('"') ? JSON.stringify(JSON.parse(id)) : id;
    expect(answer.slice(0, answer.indexOf(',"result"'))).toBe(`{"jsonrpc":"2.0","id":${sent}`);
  },
);

test('a large id is found at the top even where params has an id too', async () => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.send('{"jsonrpc":"2.0","id":98765432109876543210,"method":"cancel","params":{"id":11111111111111111111}}\n');
  expect(await client.line()).toContain('"id":98765432109876543210,');
});

test('a request of another major version of the protocol is refused before anything is done', async () => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.request({ protocol: '2.0', method: 'sync.start', params: { unit: 'a' } });
  client.request({ protocol: '2.0', id: 1, method: 'sync.want', params: { unit: 'a', dependsOn: ['b'] } });
  client.request({ protocol: '2.0', id: 2, method: 'sync.newer' });
  expect([await client.line(), (await client.message()).error.data.code]).toEqual([
    '{"jsonrpc":"2.0","id":1,"error":{"code":-32012,"message":"the request is of protocol \\"2.0\\", and this agent speaks 1.0: it did nothing.","data":{"code":"unsupported_protocol","hint":"Use the command that came with the agent, or start the agent again after the update.","facts":{"protocol":"1.0"}}}}',
    'unsupported_protocol',
  ]);
  expect(loopback.units.list()).toEqual([]);
});

test('whoever asks for the version gets it, and a newer minor version, or none, is understood', async () => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.request({ protocol: '2.0', id: 1, method: 'ping' });
  client.request({ protocol: '1.7', id: 2, method: 'sync.start', params: { unit: 'a' } });
  client.request({ id: 3, method: 'sync.start', params: { unit: 'b' } });
  client.request({ protocol: 2, id: 4, method: 'sync.start', params: { unit: 'c' } });
  expect(await client.message()).toMatchObject({ id: 1, result: { protocol: '1.0' } });
  expect(await client.message()).toMatchObject({ id: 2, result: { unit: 'a', run: 1 } });
  expect(await client.message()).toMatchObject({ id: 3, result: { unit: 'b', run: 1 } });
  expect(await client.message()).toMatchObject({ id: 4, error: { data: { code: 'invalid_request' } } });
});

test('a request without an id is carried out and not answered, whether or not it is right', async () => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.request({ method: 'sync.want', params: { unit: 'b', dependsOn: ['a'] } });
  client.request({ method: 'no.such' });
  client.request({ method: 'sync.status', params: {} });
  client.request({ id: 1, method: 'ping' });
  expect(await client.message()).toMatchObject({ id: 1 });
  expect(loopback.units.find('b')?.status).toBe('pending');
});

test('carriage returns and empty lines are tolerated, and a last line without a newline is answered', async () => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.send('\r\n\n{"jsonrpc":"2.0","id":1,"method":"ping"}\r\n', '{"jsonrpc":"2.0","id":2,"method":"ping"}');
  client.stream.end();
  expect(await client.message()).toMatchObject({ id: 1 });
  expect(await client.message()).toMatchObject({ id: 2 });
  expect(await client.line()).toBeNull();
});

test.each([
  ['sync.start', {}, 'sync.start: unit is missing; it must be a string.'],
  ['sync.start', { unit: 7 }, 'sync.start: unit must be a string, not a number.'],
  ['sync.start', { unit: null }, 'sync.start: unit must be a string, not null.'],
  ['sync.start', { unit: 'a', wait: 'yes' }, 'sync.start: wait must be a boolean, not a string.'],
  ['sync.start', { unit: 'a', timeoutMs: 1.5 }, 'sync.start: timeoutMs must be a whole number, not a fraction.'],
  ['sync.start', { unit: 'a', timeoutMs: -1 }, 'sync.start: timeoutMs must be at least 0.'],
  ['sync.start', { unit: 'a', timeout: 5 }, 'sync.start: there is no field "timeout".'],
  ['sync.want', { unit: 'a', dependsOn: 'b' }, 'sync.want: dependsOn must be an array, not a string.'],
  ['sync.want', { unit: 'a', dependsOn: [] }, 'sync.want: dependsOn, needs or after must name a unit.'],
  ['sync.want', { unit: 'a', dependsOn: ['b', {}] }, 'sync.want: dependsOn[1] must be a string, not an object.'],
  [
    'sync.want',
    { unit: 'a', dependsOn: ['b'], requires: 'done' },
    'sync.want: requires must be one of started, completed, succeeded, not "done".',
  ],
  ['sync.complete', { unit: 'a', exitCode: 256 }, 'sync.complete: exitCode must be at most 255.'],
  [
    'sync.complete',
    { unit: 'a', reason: 'x'.repeat(1001) },
    'sync.complete: reason must have at most 1000 characters.',
  ],
  ['cancel', { id: true }, 'cancel: id must be a string or a number, not a boolean.'],
  ['ping', [], 'ping: params must be an object, not an array.'],
])('%s with %j names the field, what it is and what it may be', async (method, params, message) => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.request({ id: 1, method, params });
  const { error } = await client.message();
  expect(error).toMatchObject({ message, data: { code: 'invalid_params' } });
  expect(loopback.units.seq).toBe(0);
});

test('an unknown method is told the nearest ones', async () => {
  await using loopback = new Loopback();
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.Statuss' });
  const { error } = await client.message();
  expect(error.message).toBe('there is no method "sync.Statuss".');
  expect(error.data.facts.nearest[0]).toBe('sync.status');
});

test('a request over the limit is told the limit, and the connection ends', async () => {
  await using loopback = new Loopback({ limits: { frameBytes: 100 } });
  const client = loopback.raw();
  client.send('{"jsonrpc":"2.0","id":1,"method":"ping"}\n', 'x'.repeat(500));
  expect(await client.message()).toMatchObject({ id: 1 });
  expect(await client.message()).toMatchObject({
    id: null,
    error: { data: { code: 'frame_too_large', facts: { limit: 100 } } },
  });
  expect(await client.line()).toBeNull();
});

test('a request that never ends is cut off, while a whole one may wait as long as it likes', async () => {
  await using loopback = new Loopback({ limits: { frameMs: 20 } });
  const [patient, slow] = [loopback.raw(), loopback.raw()];
  patient.request({ id: 1, method: 'sync.want', params: { unit: 'b', dependsOn: ['a'] } });
  patient.request({ id: 2, method: 'sync.start', params: { unit: 'b' } });
  slow.send('{"jsonrpc"');
  expect(await slow.message()).toMatchObject({ error: { data: { code: 'frame_timed_out', facts: { limit: 20 } } } });
  expect(await slow.line()).toBeNull();
  expect(await patient.message()).toMatchObject({ id: 1 });
  patient.request({ id: 3, method: 'sync.complete', params: { unit: 'a' } });
  expect(await patient.message()).toMatchObject({ id: 3 });
  expect(await patient.message()).toMatchObject({ id: 2, result: { run: 1 } });
});

test('more waiting requests than allowed are refused one by one; the others go on', async () => {
  await using loopback = new Loopback({ limits: { requestsInFlight: 2 } });
  const client = loopback.raw();
  client.request({ id: 0, method: 'sync.want', params: { unit: 'b', dependsOn: ['a'] } });
  await client.line();
  for (const id of [1, 2, 3]) client.request({ id, method: 'sync.start', params: { unit: 'b' } });
  expect(await client.message()).toMatchObject({
    id: 3,
    error: { data: { code: 'too_many_requests', facts: { limit: 2 } } },
  });
  loopback.units.register('a');
  loopback.units.complete('a');
  expect([(await client.message()).result, (await client.message()).result]).toMatchObject([
    { run: 1, already: false },
    { run: 1, already: true },
  ]);
});

test('more connections than allowed are told so and closed; when one ends, the next gets in', async () => {
  await using loopback = new Loopback({ limits: { connections: 1 } });
  const first = loopback.raw();
  const second = loopback.raw();
  expect(await second.message()).toMatchObject({
    id: null,
    error: { data: { code: 'too_many_connections', facts: { limit: 1 } } },
  });
  expect(await second.line()).toBeNull();
  first.stream.end();
  expect(await first.line()).toBeNull();
  await settle();
  const third = loopback.raw();
  third.request({ id: 1, method: 'ping' });
  expect(await third.message()).toMatchObject({ id: 1 });
});

test('a client that sends and never reads is not read any more, and harms only itself', async () => {
  await using loopback = new Loopback();
  for (let index = 0; index < 500; index += 1) loopback.units.register(`unit-${index}-${'x'.repeat(200)}`);
  let lists = 0;
  const { list } = loopback.units;
  loopback.units.list = (order) => {
    lists += 1;
    return Reflect.apply(list, loopback.units, [order]);
  };
  const deaf = loopback.stream();
  const line = '{"jsonrpc":"2.0","id":1,"method":"sync.list"}\n';
  for (let round = 0; round < 10; round += 1) {
    while (deaf.write(line));
    await settle();
  }
  expect(deaf.writableLength).toBeGreaterThan(0);
  expect(lists).toBeLessThan(5);
  const other = loopback.raw();
  other.request({ id: 2, method: 'ping' });
  expect(await other.message()).toMatchObject({ id: 2 });
  deaf.destroy();
});

test('a bug behind a method is an internal error that tells nothing, and is logged', async () => {
  const logged: unknown[] = [];
  const logger = { debug: () => {}, warn: () => {}, error: (facts: object) => logged.push(facts) };
  await using loopback = new Loopback({ logger });
  loopback.units.list = () => {
    throw new Error('secret detail');
  };
  const client = loopback.raw();
  client.request({ id: 1, method: 'sync.list' });
  const line = (await client.line()) ?? '';
  expect(JSON.parse(line).error).toMatchObject({ code: -32603, data: { code: 'internal_error' } });
  expect(line).not.toContain('secret');
  expect(logged).toMatchObject([{ method: 'sync.list', err: { message: 'secret detail' } }]);
});
