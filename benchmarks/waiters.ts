// What does a blocked client cost the agent? Memory before and after thousands of clients block, each for a unit of its own that
// was declared before; then all are released. The floor is a server that keeps nothing but the connection. Before that, twenty
// clients block again and again: what the compiler takes for code that is used is no memory of a client. What those few leave behind is
// used again by the many.
import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { SyncClient } from '@muster/socket/client';
import { BareConnection, untilWaiting } from './support/bare-connection.ts';
import { type Contender, compare, verdict } from './support/compare.ts';
import { CLEAN_ENV } from './support/environment.ts';
import { Place } from './support/place.ts';
import { memoryOf } from './support/process-facts.ts';
import { agentCommand, ServerProcess, untilAnswered } from './support/server-process.ts';
import { printTable, type Row } from './support/table.ts';
import { pairs } from './support/waiting-pairs.ts';

const COUNTS = [1000, 10_000];
const GOAL_KB = 8;
const ROUNDS = 5;

/** Until an agent has given back what its start took, in milliseconds. */
const SETTLE_MS = 2000;

const WARM_UP_TURNS = 100;
const WARM_UP_CLIENTS = 20;

interface Held {
  readonly kbEach: number;
  /** Clients that were answered in the end. */
  readonly served: number;
}

async function holdInAgent(waiters: number): Promise<Held> {
  using place = new Place();
  await using agent = await ServerProcess.agent(place);
  await using client = await agent.client();
  await setTimeout(SETTLE_MS);
  for (let turn = 0; turn < WARM_UP_TURNS; turn += 1) await holdThere(WARM_UP_CLIENTS);
  return await holdThere(waiters);

  async function holdThere(count: number): Promise<Held> {
    const { first, seconds } = await pairs(client, count);
    const before = memoryOf(agent.pid).resident;
    const lines = seconds.map((unit) =>
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'sync.start', params: { unit } }),
    );
    const answers = await block(agent.path, lines);
    await client.call('ping', {});
    const after = memoryOf(agent.pid).resident;
    await client.call('sync.complete', { unit: first });
    return { kbEach: ((after - before) * 1000) / count, served: await countGood(answers) };
  }
}

async function holdInBareServer(waiters: number): Promise<Held> {
  using place = new Place();
  await using bare = await ServerProcess.bare(place);
  for (let turn = 0; turn < WARM_UP_TURNS; turn += 1) await holdThere(WARM_UP_CLIENTS);
  return await holdThere(waiters);

  async function holdThere(count: number): Promise<Held> {
    const before = memoryOf(bare.pid).resident;
    const answers = await block(bare.path, Array<string>(count).fill('{"id":1,"method":"wait"}'));
    const after = memoryOf(bare.pid).resident;
    const waker = await BareConnection.open(bare.path);
    await untilWaiting(waker, count);
    await waker.call('{"id":1,"method":"wake"}\n');
    waker.close();
    return { kbEach: ((after - before) * 1000) / count, served: await countGood(answers) };
  }
}

/** Opens a connection for each line, a hundred at a time, and sends it. */
async function block(path: string, lines: readonly string[]): Promise<readonly Promise<string>[]> {
  const answers: Promise<string>[] = [];
  for (let begin = 0; begin < lines.length; begin += 100) {
    const portion = lines.slice(begin, begin + 100);
    const opened = await Promise.all(portion.map(() => BareConnection.open(path)));
    answers.push(
      ...opened.map((connection, index) => connection.call(`${portion[index]}\n`).finally(() => connection.close())),
    );
  }
  // The server may still have some of them to read.
  await setTimeout(lines.length > WARM_UP_CLIENTS ? 500 : 20);
  return answers;
}

async function countGood(answers: readonly Promise<string>[]): Promise<number> {
  const lines = await Promise.all(answers);
  return lines.filter((line) => 'result' in JSON.parse(line)).length;
}

/** The fewest that were answered in any round, by contender. */
const fewest = new Map<string, number>();

function holder(name: string, waiters: number, hold: (waiters: number) => Promise<Held>): Contender {
  return {
    name,
    measure: async () => {
      const { kbEach, served } = await hold(waiters);
      const key = `${name}, ${waiters} clients`;
      fewest.set(key, Math.min(served, fewest.get(key) ?? served));
      return kbEach;
    },
  };
}

for (const waiters of COUNTS) {
  const goal = waiters === Math.max(...COUNTS) ? { goal: { atMost: GOAL_KB, of: 'itself' } } : {};
  await compare({
    title: `Memory of the server for each of ${waiters} blocked clients`,
    unit: 'kB',
    rounds: ROUNDS,
    contenders: [
      holder('bare server', waiters, holdInBareServer),
      { ...holder('agent', waiters, holdInAgent), ...goal },
    ],
  });
}
printTable(
  'Clients that were answered in the end, in the round with the fewest',
  COUNTS.map((waiters): Row => {
    const who = `agent, ${waiters} clients`;
    const served = fewest.get(who) ?? 0;
    return { who, served, goal: `all: ${verdict(served === waiters, String(served))}` };
  }),
);

/** More clients than the agent may open files. */
async function exhaust(): Promise<Row> {
  using place = new Place();
  const path = place.path('agent.sock');
  const argv = [
    'sh',
    '-c',
    'ulimit -n 256; exec "$@"',
    'sh',
    ...agentCommand(place, 'version: 1\nscripts: {}\n', path),
  ];
  const child = spawn(argv[0] ?? '', argv.slice(1), { env: CLEAN_ENV, stdio: 'ignore' });
  await untilAnswered(path, child);
  const attempts = await Promise.all(Array.from({ length: 400 }, () => pingOnNewConnection(path)));
  const refusals = attempts.filter((attempt) => typeof attempt === 'string');
  const open = attempts.filter((attempt) => typeof attempt !== 'string');
  const alive = child.exitCode === null && (await open[0]?.call('ping', {})) !== undefined;
  for (const client of open) await client[Symbol.asyncDispose]();
  child.kill('SIGKILL');
  return {
    'open files allowed': 256,
    clients: attempts.length,
    answered: open.length,
    refused: refusals.length,
    'with the error': [...new Set(refusals)].join(', '),
    'agent goes on': String(alive),
  };
}

async function pingOnNewConnection(path: string): Promise<SyncClient | string> {
  try {
    const client = await SyncClient.connect({ path });
    await client.call('ping', {});
    return client;
  } catch (error) {
    return String((error as { code?: string }).code ?? error); // An error of the client or of the agent has a code.
  }
}

printTable('More clients than files', [await exhaust()]);
