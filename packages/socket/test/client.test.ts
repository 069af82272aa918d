import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import { SyncClient } from '../src/client/index.ts';
import { temporaryDirectory } from './support/temp-directory.ts';
import { listen } from './support/unix-server.ts';

test('an agent that is not there is named with the system word and the three likely causes', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'agent.sock');
  const refusal = await SyncClient.connect({ path }).catch((error) => error);
  expect(refusal).toMatchObject({ name: 'ClientError', code: 'agent_unreachable', facts: { path, errno: 'ENOENT' } });
  expect(refusal.message).toBe(`no agent answers at ${JSON.stringify(path)} (ENOENT: nothing is there).`);
  expect(refusal.hint).toMatchInlineSnapshot(
    `"Does it run, as this user? Start it with "muster-agent run FILE", or name its socket with --socket or MUSTER_SOCKET."`,
  );
});

test('a file that nobody listens on says so', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'agent.sock');
  writeFileSync(path, '');
  await expect(SyncClient.connect({ path })).rejects.toMatchObject({
    message: `no agent answers at ${JSON.stringify(path)} (ECONNREFUSED: nobody listens there).`,
  });
});

test('a client with time left waits for an agent that starts', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'agent.sock');
  const connecting = SyncClient.connect({ path, timeoutMs: 20_000 });
  await using _ = await listen(path);
  await using client = await connecting;
  expect(await client.call('ping', {})).toMatchObject({ socket: path });
});

test('a client that waits for an agent can be told to give up, and its time ends', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'agent.sock');
  const controller = new AbortController();
  const connecting = SyncClient.connect({ path, timeoutMs: 60_000, signal: controller.signal });
  controller.abort();
  await expect(connecting).rejects.toMatchObject({ code: 'canceled' });
  await expect(SyncClient.connect({ path, timeoutMs: 20 })).rejects.toMatchObject({ code: 'agent_unreachable' });
});

test('every request says which protocol it means', async () => {
  const [near, far] = duplexPair();
  await using client = SyncClient.over(near);
  const [line] = await Promise.all([
    once(far, 'data'),
    client.call('sync.start', { unit: 'a' }).catch(() => {}),
    once(far, 'data').then(() => far.write('{"jsonrpc":"2.0","id":1,"result":{}}\n')),
  ]);
  expect(String(line)).toBe('{"jsonrpc":"2.0","protocol":"1.0","id":1,"method":"sync.start","params":{"unit":"a"}}\n');
});

test.each([
  ['text', 'HTTP/1.1 400 Bad Request\r\n'],
  ['an array', '[]\n'],
  ['an answer to no request', '{"jsonrpc":"2.0","id":77,"result":{}}\n'],
])('a server that sends %s is not taken for an agent', async (_what, text) => {
  const [near, far] = duplexPair();
  await using client = SyncClient.over(near);
  const call = client.call('ping', {});
  far.write(text);
  await expect(call).rejects.toMatchObject({ name: 'ClientError', code: 'protocol_violation' });
});

test('a connection that ends rejects every call under way, and every later one', async () => {
  const [near, far] = duplexPair();
  await using client = SyncClient.over(near);
  const calls = [client.call('ping', {}), client.call('sync.list', {})];
  far.resume();
  far.end();
  for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'connection_lost' });
  await client.closed;
  await expect(client.call('ping', {})).rejects.toMatchObject({ code: 'connection_lost' });
});

test('answers in any order find their calls; unknown notifications and error words do no harm', async () => {
  const [near, far] = duplexPair();
  await using client = SyncClient.over(near);
  const [first, second] = [client.call('sync.list', {}), client.call('sync.status', { unit: 'a' })];
  far.write('{"jsonrpc":"2.0","method":"sync.future","params":{}}\n');
  far.write('{"jsonrpc":"2.0","id":2,"error":{"code":-1,"message":"no","data":{"code":"from_the_future","hint":7}}}\n');
  far.write('{"jsonrpc":"2.0","id":1,"result":{"units":[]}}\n');
  expect(await first).toEqual({ units: [] });
  await expect(second).rejects.toMatchObject({ code: 'internal_error', message: 'no', hint: null, facts: {} });
});

test('what the agent says of the connection as a whole is the reason that its calls get', async () => {
  const [near, far] = duplexPair();
  await using client = SyncClient.over(near);
  const call = client.call('ping', {});
  far.end(
    '{"jsonrpc":"2.0","id":null,"error":{"code":-32023,"message":"full","data":{"code":"too_many_connections"}}}\n',
  );
  far.resume();
  await expect(call).rejects.toMatchObject({ name: 'RpcError', code: 'too_many_connections', message: 'full' });
});

test('an agent that does not confirm that a call is given up loses the connection', async () => {
  const [near, far] = duplexPair();
  far.resume();
  await using client = SyncClient.over(near);
  const controller = new AbortController();
  const call = client.call('ping', {}, { signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: 'connection_lost' });
});

test('a signal that is used for many calls keeps no listener of theirs', async () => {
  const [near, far] = duplexPair();
  await using client = SyncClient.over(near);
  const { signal } = new AbortController();
  let listeners = 0;
  signal.addEventListener = () => {
    listeners += 1;
  };
  signal.removeEventListener = () => {
    listeners -= 1;
  };
  const calls = [1, 2, 3].map(() => client.call('sync.list', {}, { signal }));
  expect(listeners).toBe(3);
  for (const id of [1, 2, 3]) far.write(`{"jsonrpc":"2.0","id":${id},"result":{"units":[]}}\n`);
  await Promise.all(calls);
  expect(listeners).toBe(0);
});

test('a full queue is tried again without being asked to', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'agent.sock');
  const server = createServer();
  server.listen({ path, backlog: 1 });
  await new Promise((resolve) => server.once('listening', resolve));
  chmodSync(path, 0o600);
  // All in one turn of the event loop, in which the server can't accept any: far more than its queue holds.
  const connecting = Array.from({ length: 50 }, () => SyncClient.connect({ path }));
  const clients = await Promise.all(connecting);
  expect(clients).toHaveLength(50);
  const closed = new Promise((resolve) => server.close(resolve));
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  await closed;
});
