import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { SyncClient } from '../src/client/index.ts';
import { RawClient } from './support/loopback.ts';
import { Child } from './support/processes.ts';
import { UnixServer } from './support/unix-server.ts';

test('a call goes over a real socket and comes back', async () => {
  await using server = await UnixServer.open();
  await using client = await server.client();
  expect(await client.call('ping', {})).toMatchObject({ pid: process.pid, socket: server.path });
});

test('a thousand waiting clients are released by one completion', async () => {
  await using server = await UnixServer.open();
  const clients = await Promise.all(Array.from({ length: 1_000 }, () => server.client()));
  await Promise.all(
    clients.map((client, index) => client.call('sync.want', { unit: `u${index}`, dependsOn: ['gate'] })),
  );
  const waiting = clients.map((client) => new Promise((resolve) => client.onNotification('sync.waiting', resolve)));
  const starts = clients.map((client, index) => client.call('sync.start', { unit: `u${index}`, progress: true }));
  await Promise.all(waiting);
  await clients[0]?.call('sync.complete', { unit: 'gate' });
  const answers = await Promise.all(starts);
  expect(answers.every(({ run, waitedFor }) => run === 1 && waitedFor[0] === 'gate')).toBe(true);
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
}, 30_000);

const WAITING_CLIENT = `
  const socket = require('node:net').connect(process.argv[1]);
  socket.write('{"jsonrpc":"2.0","id":1,"method":"sync.start","params":{"unit":"b","progress":true}}\\n');
  socket.pipe(process.stdout);
`;

test('a client that is killed while it waits starts nothing later', async () => {
  await using server = await UnixServer.open();
  await using other = await server.client();
  await other.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  await using child = new Child(process.execPath, ['-e', WAITING_CLIENT, server.path]);
  expect(await child.line()).toContain('sync.waiting');
  child.process.kill('SIGKILL');
  await child.exited;
  // Its end of the socket was closed before its exit was seen, and the server reads in the order of arrival.
  await other.call('ping', {});
  await other.call('sync.complete', { unit: 'a' });
  expect(server.units.find('b')?.status).toBe('pending');
});

test('clients that are turned away all at once are all told why', async () => {
  await using server = await UnixServer.open({ connections: 1 });
  await using first = await server.client();
  await first.call('ping', {});
  const codes = await Promise.all(
    Array.from({ length: 50 }, async () => {
      await using client = await server.client();
      return await client.call('ping', {}).catch((error) => error.code);
    }),
  );
  expect(new Set(codes)).toEqual(new Set(['too_many_connections']));
});

async function isRefused(server: UnixServer): Promise<boolean> {
  await using client = await server.client();
  const answer = await client.call('ping', {}).catch((error) => error);
  return answer.code === 'too_many_connections';
}

test('a client that goes away cancels its wait at once', async () => {
  await using server = await UnixServer.open();
  await using other = await server.client();
  await other.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  const client = new RawClient(connect(server.path));
  client.request({ id: 1, method: 'sync.start', params: { unit: 'b', progress: true } });
  expect(await client.line()).toContain('sync.waiting');
  client.stream.destroy();
  await new Promise((resolve) => client.stream.once('close', resolve));
  await other.call('ping', {});
  await other.call('sync.complete', { unit: 'a' });
  expect(server.units.find('b')?.status).toBe('pending');
});

test('a client that stopped sending and is killed later starts nothing', async () => {
  await using server = await UnixServer.open({ connections: 2 });
  await using other = await server.client();
  await other.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  await using child = new Child(process.execPath, ['-e', `${WAITING_CLIENT} socket.end();`, server.path]);
  expect(await child.line()).toContain('sync.waiting');
  await other.call('ping', {});
  child.process.kill('SIGKILL');
  await child.exited;
  // Within a second the server looks after it, and has room for another one.
  while (await isRefused(server)) {}
  await other.call('sync.complete', { unit: 'a' });
  expect(server.units.find('b')?.status).toBe('pending');
});

test('a server that closes while clients wait answers them, removes its files and may be closed again', async () => {
  await using server = await UnixServer.open();
  await using client = await server.client();
  await client.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  const start = client.call('sync.start', { unit: 'b' });
  await Promise.all([
    expect(start).rejects.toMatchObject({ code: 'shutting_down' }),
    server.server.close(),
    server.server.close(),
  ]);
  await client.closed;
  await server.server.close();
  const directory = server.path.slice(0, server.path.lastIndexOf('/'));
  expect(readdirSync(directory)).toEqual(['agent.lock']);
  await expect(SyncClient.connect({ path: server.path })).rejects.toMatchObject({
    code: 'agent_unreachable',
    facts: { errno: 'ENOENT' },
  });
});

test('a client that keeps its side open does not keep the server from closing', async () => {
  await using server = await UnixServer.open();
  const socket = connect({ path: server.path, allowHalfOpen: true });
  const client = new RawClient(socket);
  client.request({ id: 1, method: 'ping' });
  await client.line();
  await server.server.close();
  expect(await client.message()).toMatchObject({ error: { data: { code: 'shutting_down' } } });
  socket.destroy();
});

test('an oversized request is told its limit on a real socket too, where more bytes are under way', async () => {
  await using server = await UnixServer.open({ frameBytes: 1_000, closeMs: 100 });
  const client = new RawClient(connect(server.path));
  client.send('x'.repeat(2_000_000));
  expect(await client.message()).toMatchObject({ error: { data: { code: 'frame_too_large' } } });
});

test('garbage, half requests and sudden ends leave the others alone', async () => {
  await using server = await UnixServer.open();
  await using healthy = await server.client();
  await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const socket = connect(server.path);
      socket.on('error', () => {}); // Being hung up on is the point.
      socket.on('connect', () => {
        socket.write(index % 3 === 0 ? Buffer.alloc(5_000, index) : '{"jsonrpc":"2.0","id":1,"meth');
        if (index % 2 === 0) socket.destroy();
        else socket.end();
      });
      socket.resume();
      await new Promise((resolve) => socket.once('close', resolve));
    }),
  );
  expect(await healthy.call('sync.list', {})).toEqual({ units: [] });
});

test('disposing of a client twice is the same as once, and ends its calls', async () => {
  await using server = await UnixServer.open();
  const client = await server.client();
  await client.call('sync.want', { unit: 'b', dependsOn: ['a'] });
  const start = client.call('sync.start', { unit: 'b' });
  await Promise.all([
    expect(start).rejects.toMatchObject({ code: 'connection_lost' }),
    client[Symbol.asyncDispose](),
    client[Symbol.asyncDispose](),
  ]);
  await expect(client.call('ping', {})).rejects.toMatchObject({ code: 'connection_lost' });
});
