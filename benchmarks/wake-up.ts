// How long after the answer to "A is complete" has the one who waits for A gone on? A command that is blocked goes on when its
// process has ended; a client in a living process when its promise has resolved. The floors do the same with Node's own server
// and no graph. The poller is a process that asks once a second, as upstream does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BareConnection, untilWaiting } from './support/bare-connection.ts';
import { MUSTER } from './support/binaries.ts';
import { compare } from './support/compare.ts';
import { CLEAN_ENV } from './support/environment.ts';
import { Place } from './support/place.ts';
import { ServerProcess } from './support/server-process.ts';
import { median, short } from './support/statistics.ts';
import { printTable } from './support/table.ts';
import { completed, nextPair, pairs } from './support/waiting-pairs.ts';

const BARE_CLIENT = fileURLToPath(import.meta.resolve('./programs/bare-client.cjs'));
const POLLER = fileURLToPath(import.meta.resolve('./programs/poller.cjs'));
const WAIT = '{"jsonrpc":"2.0","id":1,"method":"wait","params":{}}\n';
const WAKE = '{"jsonrpc":"2.0","id":2,"method":"wake","params":{}}\n';
const CROWD = 1000;

using place = new Place();
await using agent = await ServerProcess.agent(place);
await using bare = await ServerProcess.bare(place);
await using client = await agent.client();
const waker = await BareConnection.open(bare.path);

/** Starts a program that says on stderr when it waits; tells how long after `wake` has been answered it has ended. */
async function processAfter(argv: readonly string[], wake: () => Promise<unknown>): Promise<number> {
  const child = spawn(process.execPath, argv, { env: CLEAN_ENV, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit').then(() => performance.now());
  child.stdout.resume();
  await once(child.stderr, 'data');
  await settled();
  await wake();
  const answered = performance.now();
  return (await ended) - answered;
}

await compare({
  title: 'A blocked process, from the answer to its end',
  unit: 'ms',
  rounds: 21,
  contenders: [
    {
      name: 'bare client',
      measure: () => processAfter([BARE_CLIENT, bare.path, 'wait'], () => wakeAll(1)),
    },
    {
      name: 'muster start',
      measure: async () => {
        const { first, second } = await nextPair(client);
        const argv = [MUSTER, 'start', second, '--socket', agent.path];
        return await processAfter(argv, () => client.call('sync.complete', { unit: first }));
      },
      goal: { atMost: 1.2 },
    },
  ],
});

const polls: number[] = [];
for (let round = 0; round < 5; round += 1) {
  const { first, second } = await nextPair(client);
  const waited = processAfter([POLLER, agent.path, second], async () => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 1000));
    await client.call('sync.complete', { unit: first });
  });
  polls.push(await waited);
}
printTable('A process that asks once a second (5 rounds)', [
  {
    who: 'poller',
    'median ms': short(median(polls)),
    spread: `${short(Math.min(...polls))} to ${short(Math.max(...polls))}`,
  },
]);

await compare({
  title: 'A client in a living process, from the answer to its promise',
  unit: 'ms',
  rounds: 101,
  contenders: [
    { name: 'bare connection', measure: bareClientAfter },
    { name: 'SyncClient', measure: libraryClientAfter, goal: { atMost: 1, of: 'itself' } },
  ],
});

async function bareClientAfter(): Promise<number> {
  const waiter = await BareConnection.open(bare.path);
  const woken = waiter.call(WAIT).then(() => performance.now());
  await settled();
  await wakeAll(1);
  const answered = performance.now();
  const after = (await woken) - answered;
  waiter.close();
  return Math.max(0, after);
}

async function libraryClientAfter(): Promise<number> {
  const { first, second } = await nextPair(client);
  await using waiter = await agent.client();
  const woken = waiter.call('sync.start', { unit: second }).then(() => performance.now());
  await settled();
  await client.call('sync.complete', { unit: first });
  const answered = performance.now();
  return Math.max(0, (await woken) - answered);
}

const crowd = await Promise.all(Array.from({ length: CROWD }, () => BareConnection.open(agent.path)));
const bareCrowd = await Promise.all(Array.from({ length: CROWD }, () => BareConnection.open(bare.path)));

await compare({
  title: `${CROWD} clients that wait for one unit, from the request to the last of them`,
  unit: 'ms',
  rounds: 31,
  contenders: [
    {
      name: 'bare server',
      measure: async () => {
        const woken = bareCrowd.map((waiter) => waiter.call(WAIT));
        await settled();
        await untilWaiting(waker, CROWD);
        const before = performance.now();
        await Promise.all([waker.call(WAKE), ...woken]);
        return performance.now() - before;
      },
    },
    { name: 'agent', measure: () => crowdAfter(crowd), goal: { atMost: 2 } },
  ],
});

async function crowdAfter(waiters: readonly BareConnection[]): Promise<number> {
  const { first, seconds } = await pairs(client, waiters.length);
  const woken = waiters.map((waiter, index) => waiter.call(startLine(seconds[index] ?? '')));
  await settled();
  const before = performance.now();
  await Promise.all([completed(client, first), ...woken]);
  return performance.now() - before;
}

function startLine(unit: string): string {
  return `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'sync.start', params: { unit } })}\n`;
}

/** Wakes those that wait in the bare server, once they are so many. */
async function wakeAll(count: number): Promise<void> {
  await untilWaiting(waker, count);
  await waker.call(WAKE);
}

/** Until the servers have taken every request that was sent: they answer one that was sent later. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  await client.call('ping', {});
}

for (const waiter of [...crowd, ...bareCrowd, waker]) waiter.close();
