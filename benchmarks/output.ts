// What does a script that prints 1 GiB lose by being run? The floor writes the file directly. cat and tee show what a pipe costs.
// Times are from the start of the shell to its end; Muster's are those of execute(), which ends when the last line is read. Then
// the same script in an agent, which cuts its log, while somebody asks whether it answers. Call: node output.ts [MiB] [rounds]
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

const LINES = `'${process.execPath}' '${PRINT_LINES}' ${BYTES}`;
const ONE_LINE = `${LINES} one-line`;

interface Run {
  readonly ms: number;
  readonly scriptMs: number;
  readonly cpuMs: number;
  readonly lines: number;
  readonly grownMb: number;
}

function runWithMuster(script: string, reading: 'read' | 'unread'): Run {
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

const runs = new Map<string, Run>();

function muster(name: string, script: string, reading: 'read' | 'unread'): () => number {
  return () => {
    const run = runWithMuster(script, reading);
    runs.set(name, run);
    return reading === 'read' ? run.ms : run.scriptMs;
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
    { name: 'Muster', measure: muster('Muster', LINES, 'unread'), goal: { atMost: 1.05 } },
    { name: 'Muster, lines read', measure: muster('Muster, lines read', LINES, 'read'), goal: { atMost: 1.5 } },
    { name: 'Muster, one line read', measure: muster('Muster, one line read', ONE_LINE, 'read') },
  ],
});

printTable(
  'The process of the runner, last round',
  [...runs].map(([who, run]): Row => {
    const goal = `≤ ${MEMORY_GOAL_MIB} MiB: ${verdict(run.grownMb * 1e6 <= MEMORY_GOAL_MIB * 2 ** 20, `${short(run.grownMb)} MB`)}`;
    const share = who === 'Muster, lines read' ? `${short((run.lines / (BYTES / 80)) * 100)} %` : '';
    return {
      who,
      'CPU ms': short(run.cpuMs),
      'grown by MB': short(run.grownMb),
      'lines passed on': run.lines,
      'of all': share,
      goal,
    };
  }),
);

/** Asks every millisecond until the unit is completed. */
async function pingWhile(agent: ServerProcess, unit: string): Promise<readonly number[]> {
  await using client = await agent.client();
  const times: number[] = [];
  for (;;) {
    const before = performance.now();
    await client.call('ping', {});
    times.push(performance.now() - before);
    const { status } = await client.call('sync.status', { unit });
    if (status === 'completed') return times;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function askALoudAgent(): Promise<Row> {
  using place = new Place();
  const loud = JSON.stringify(`while [ ! -e "${place.path('go')}" ]; do sleep 0.1; done; ${LINES}`);
  await using agent = await ServerProcess.agent(place, `version: 1\nscripts:\n  loud: { run: ${loud} }\n`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const idle = memoryOf(agent.pid).resident;
  place.write('go', '');
  const times = await pingWhile(agent, 'loud');
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

printTable('Pings of an agent whose script prints as much', [await askALoudAgent()]);
