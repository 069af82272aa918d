// What does a script that prints 1 GiB lose by being run? The floor writes the file directly. cat and tee show what a pipe costs, the bare
// tail what Node needs for that many lines, and a script that prints nothing what the start of a run costs, which is in every figure.
// Times are from the start of the shell to its end; Muster's are from the start of the run to its end, or to the last line that the
// sink gets. Then the same script, again and again, in an agent, which cuts its log, while somebody asks whether it answers.
// Call: node output.ts [MiB] [rounds]
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SyncClient } from '@muster/socket/client';
import { timeProgram } from './support/binaries.ts';
import { compare, verdict } from './support/compare.ts';
import { CLEAN_ENV } from './support/environment.ts';
import { Place } from './support/place.ts';
import { memoryOf, peakOf } from './support/process-facts.ts';
import { ServerProcess } from './support/server-process.ts';
import { quantile, short } from './support/statistics.ts';
import { printTable, type Row } from './support/table.ts';

const BYTES = Number(process.argv[2] ?? 1024) * 2 ** 20;
const ROUNDS = Number(process.argv[3] ?? 3);
const MEMORY_GOAL_MIB = 64;
const PING_GOAL_MS = 20;

const PRINT_LINES = fileURLToPath(import.meta.resolve('./programs/print-lines.cjs'));
const RUN_LOUD_SCRIPT = fileURLToPath(import.meta.resolve('./programs/run-loud-script.ts'));

const BARE_TAIL = fileURLToPath(import.meta.resolve('./programs/bare-tail.cjs'));

const LINES = `'${process.execPath}' '${PRINT_LINES}' ${BYTES}`;
const NO_LINES = `'${process.execPath}' '${PRINT_LINES}' 0`;
const ONE_LINE = `${LINES} one-line`;

const PINGS = 1000;

type Reading = 'lines' | 'chunks' | 'unread';

interface Run {
  readonly readMs: number;
  readonly scriptMs: number;
  readonly cpuMs: number;
  readonly lines: number;
  readonly characters: number;
  readonly grownMb: number;
}

function runWithMuster(script: string, reading: Reading): Run {
  using place = new Place();
  const argv = [RUN_LOUD_SCRIPT, place.path('state'), script, reading];
  return JSON.parse(execFileSync(process.execPath, argv, { env: CLEAN_ENV, encoding: 'utf8' }));
}

function shell(script: string): () => number {
  return () => {
    using place = new Place();
    return timeProgram(['sh', '-c', `cd '${place.folder}' && ${script}`]);
  };
}

function bareTail(): number {
  using place = new Place();
  const argv = [BARE_TAIL, place.path('log'), LINES];
  return JSON.parse(execFileSync(process.execPath, argv, { env: CLEAN_ENV, encoding: 'utf8' })).ms;
}

const runs = new Map<string, Run>();

function muster(name: string, script: string, reading: Reading): () => number {
  return () => {
    const run = runWithMuster(script, reading);
    runs.set(name, run);
    return reading === 'unread' ? run.scriptMs : run.readMs;
  };
}

await compare({
  title: `A script that prints ${BYTES / 2 ** 20} MiB`,
  unit: 'ms',
  rounds: ROUNDS,
  contenders: [
    { name: '> file', measure: shell(`${LINES} >log`) },
    { name: '| cat > file', measure: shell(`${LINES} | cat >log`) },
    { name: '| tee file', measure: shell(`${LINES} | tee log >/dev/null`) },
    { name: 'a bare tail in Node', measure: bareTail },
    { name: 'Muster', measure: muster('Muster', LINES, 'unread'), goal: { atMost: 1.05 } },
    { name: 'Muster, lines read', measure: muster('Muster, lines read', LINES, 'lines'), goal: { atMost: 1.5 } },
    { name: 'Muster, chunks read', measure: muster('Muster, chunks read', LINES, 'chunks'), goal: { atMost: 1.5 } },
    { name: 'Muster, one line read', measure: muster('Muster, one line read', ONE_LINE, 'lines') },
  ],
});

await compare({
  title: 'A script that prints nothing',
  unit: 'ms',
  rounds: ROUNDS,
  contenders: [
    { name: '> file', measure: shell(`${NO_LINES} >log`) },
    { name: 'Muster', measure: () => runWithMuster(NO_LINES, 'unread').scriptMs },
  ],
});

printTable(
  'The process of the runner, last round',
  [...runs].map(([who, run]): Row => {
    const goal = `≤ ${MEMORY_GOAL_MIB} MiB: ${verdict(run.grownMb * 1e6 <= MEMORY_GOAL_MIB * 2 ** 20, `${short(run.grownMb)} MB`)}`;
    return {
      who,
      'CPU ms': short(run.cpuMs),
      'grown by MB': short(run.grownMb),
      'lines seen': run.lines,
      'passed on': `${short((run.characters / BYTES) * 100)} %`,
      goal,
    };
  }),
);

/** One after the other, a millisecond apart. */
async function pingOften(client: SyncClient): Promise<readonly number[]> {
  const times: number[] = [];
  while (times.length < PINGS) {
    const before = performance.now();
    await client.call('ping', {});
    times.push(performance.now() - before);
    await sleep(1);
  }
  return times;
}

async function untilCompleted(client: SyncClient, unit: string): Promise<void> {
  while ((await client.call('sync.status', { unit })).status !== 'completed') await sleep(10);
}

async function askALoudAgent(): Promise<Row> {
  using place = new Place();
  const loud = JSON.stringify(
    `cd "${place.folder}"; until [ -e go ]; do sleep 0.1; done; until [ -e enough ]; do ${LINES}; done`,
  );
  await using agent = await ServerProcess.agent(place, `version: 1\nscripts:\n  loud: { run: ${loud} }\n`);
  await sleep(1000);
  const idle = memoryOf(agent.pid).resident;
  place.write('go', '');
  await using client = await agent.client();
  const times = await pingOften(client);
  place.write('enough', '');
  await untilCompleted(client, 'loud');
  const grown = peakOf(agent.pid) - idle;
  rmSync(place.path('state'), { recursive: true, force: true });
  const p99 = quantile(times, 0.99);
  const isBounded = grown * 1e6 <= MEMORY_GOAL_MIB * 2 ** 20;
  return {
    pings: times.length,
    'median ms': short(quantile(times, 0.5)),
    'p99 ms': short(p99),
    'longest ms': short(Math.max(...times)),
    'agent grown by MB': short(grown),
    goal: `p99 ≤ ${PING_GOAL_MS}: ${verdict(p99 <= PING_GOAL_MS, short(p99))}; ≤ ${MEMORY_GOAL_MIB} MiB: ${verdict(isBounded, `${short(grown)} MB`)}`,
  };
}

printTable('Pings of an agent whose script prints as much, again and again', [await askALoudAgent()]);
