import { fileURLToPath } from 'node:url';
import type { UnitManager } from '@muster/unit';
import { expect, test, vi } from 'vitest';
import { SyncClient } from '../src/client/index.ts';
import { Child } from './support/processes.ts';
import { UnixServer } from './support/unix-server.ts';

const CLIENT = fileURLToPath(new URL('support/mortal-client.mjs', import.meta.url));

/** More than two hundred deaths: each point of the conversation is as likely as any other. */
const DEATHS = 216;

/** At a time: enough for the server to meet several in one turn. */
const AT_A_TIME = 6;

interface Plan {
  readonly unit: string;
  readonly lines: readonly string[];
  /** After so many bytes of `lines`, each with a newline, the client is killed. */
  readonly cut: number;
  readonly manner: 'together' | 'one-by-one';
}

function plan(index: number, random: () => number): Plan {
  const unit = `unit ${index}`;
  const outcome = random() < 0.5 ? { outcome: 'failed', exitCode: 1 } : { outcome: 'succeeded', exitCode: 0 };
  const lines = [
    { id: 1, method: 'sync.want', params: { unit, after: ['gate'] } },
    { id: 2, method: 'sync.start', params: { unit, hold: true } },
    { id: 3, method: 'sync.complete', params: { unit, ...outcome } },
    { id: 4, method: 'sync.status', params: { unit } },
  ].map((request) => JSON.stringify({ jsonrpc: '2.0', ...request }));
  const total = lines.reduce((sum, line) => sum + line.length + 1, 0);
  return { unit, lines, cut: 1 + Math.floor(random() * total), manner: random() < 0.5 ? 'together' : 'one-by-one' };
}

/** Park and Miller's generator: deaths that can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Settles as soon as it is so; a test that waits in vain is ended by its time. */
async function until(units: UnitManager, isSo: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _ = units.subscribe(() => {
    if (isSo()) resolve();
  });
  if (isSo()) resolve();
  await promise;
}

/** How many bytes a client has to send for the request with this id to be whole, its newline not counted. */
function endOf({ lines }: Plan, id: number): number {
  return lines.slice(0, id).reduce((sum, line) => sum + line.length + 1, -1);
}

/** What may be known of the unit of a client that has died so. */
function check(units: UnitManager, dead: Plan): void {
  const found = units.find(dead.unit);
  const about = `${dead.unit}, killed after ${dead.cut} bytes, ${dead.manner}, seen as ${JSON.stringify(found)}`;
  expect(found?.status, about).not.toBe('started');
  const hasReported = dead.cut >= endOf(dead, 3);
  const hasSucceeded = dead.lines[2]?.includes('succeeded') === true;
  if (!hasReported || !hasSucceeded) expect(found?.outcome, about).not.toBe('succeeded');
  // Sent whole, with its newline, before the client died: a report is never lost.
  if (dead.cut > endOf(dead, 3)) expect(found?.outcome, about).toBe(hasSucceeded ? 'succeeded' : 'failed');
  if (dead.cut > endOf(dead, 2) && !hasReported) {
    expect(found, about).toMatchObject({
      outcome: 'failed',
      completion: { reason: 'owner gone: its connection ended' },
    });
  }
}

test('whenever a client is killed, its unit is left neither started without an owner nor succeeded without a report', async () => {
  await using server = await UnixServer.open();
  const { units } = server;
  units.register('gate');
  units.complete('gate');
  const random = randomFrom(20_260_102);
  const plans = Array.from({ length: DEATHS }, (_, index) => plan(index, random));
  const due = plans.values();
  const live = async (): Promise<void> => {
    for (const { cut, manner, lines } of due) {
      await using child = new Child(process.execPath, [CLIENT, server.path, String(cut), manner, ...lines]);
      await child.exited;
      expect(child.process.signalCode).toBe('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, live));
  await until(units, () => units.list().every(({ status }) => status !== 'started'));
  await using after = await server.client();
  await after.call('ping', {}); // What the dead have sent has been read by now.
  for (const dead of plans) check(units, dead);
}, 120_000);

test('clients that are killed while they wait start nothing, also when the wait ends in the same moment', async () => {
  await using server = await UnixServer.open();
  const { units } = server;
  units.register('gate');
  const lines = (index: number): string[] => [
    `{"jsonrpc":"2.0","id":1,"method":"sync.start","params":{"unit":"u${index}","after":["gate"],"hold":true,"progress":true}}`,
  ];
  const children = Array.from(
    { length: 20 },
    (_, index) => new Child(process.execPath, [CLIENT, server.path, '1000', 'one-by-one', ...lines(index)]),
  );
  await Promise.all(children.map((child) => child.line()));
  for (const child of children) child.process.kill('SIGKILL');
  units.complete('gate');
  await Promise.all(children.map((child) => child.exited));
  await until(units, () => units.list().every(({ status }) => status !== 'started'));
  for (const { unit, outcome } of units.list()) {
    if (unit !== 'gate') expect([null, 'failed']).toContain(outcome);
  }
}, 30_000);

test('a client that is killed while it waits is waited with no longer', async () => {
  await using server = await UnixServer.open();
  server.units.register('never');
  const within = { unit: 'never', run: 1 };
  const requests = [
    { id: 1, method: 'sync.wait', params: { units: ['never'], within } },
    { id: 1, method: 'sync.start', params: { unit: 'a', needs: ['never'], within } },
    { id: 1, method: 'sync.lock', params: { name: 'apt', within } },
  ];
  await using client = await server.client();
  await client.call('sync.lock', { name: 'apt' });
  const waitsOnce = async (count: number): Promise<void> =>
    vi.waitFor(async () => expect((await client.call('sync.waits', {})).waitsTotal).toBe(count), 10_000);
  const lines = requests.map((request) => JSON.stringify({ jsonrpc: '2.0', ...request }));
  const children = lines.map((line) => new Child(process.execPath, [CLIENT, server.path, '1000', 'one-by-one', line]));
  await waitsOnce(children.length);
  for (const child of children) child.process.kill('SIGKILL');
  await waitsOnce(0);
  await Promise.all(children.map((child) => child.exited));
}, 30_000);

test('a lock is handed on when its holder is killed', async () => {
  await using server = await UnixServer.open();
  const request = '{"jsonrpc":"2.0","id":1,"method":"sync.lock","params":{"name":"apt","label":"the first"}}';
  await using holder = new Child(process.execPath, [CLIENT, server.path, '1000', 'one-by-one', request]);
  expect(await holder.line()).toBe('done');
  await using client = await SyncClient.connect({ path: server.path });
  const next = client.call('sync.lock', { name: 'apt' });
  const { locks } = await client.call('sync.why', {});
  expect(locks).toMatchObject([{ name: 'apt', holders: [{ label: 'the first' }], waiting: [{ label: null }] }]);
  holder.process.kill('SIGKILL');
  expect(await next).toMatchObject({ name: 'apt', holders: 1 });
});

test('a run fails when its process is killed, and is left alone when that was after its end', async () => {
  await using server = await UnixServer.open();
  await using client = await server.client();
  await using child = new Child(process.execPath, ['-e', 'console.log("up"); process.stdin.resume()']);
  await child.line();
  const { pid } = child.process;
  if (pid === undefined) throw new Error('a child that is up has a pid');
  await client.call('sync.start', { unit: 'a', pid });
  await client.call('sync.start', { unit: 'b', pid });
  await client.call('sync.complete', { unit: 'b' });
  const failed = until(server.units, () => server.units.find('a')?.status === 'completed');
  child.process.kill('SIGKILL');
  await failed;
  expect(server.units.find('a')).toMatchObject({
    outcome: 'failed',
    completion: { reason: `owner gone: process ${pid} ended` },
  });
  expect(server.units.find('b')?.outcome).toBe('succeeded');
  await expect(client.call('sync.start', { unit: 'c', pid })).rejects.toMatchObject({ code: 'invalid_params' });
});
