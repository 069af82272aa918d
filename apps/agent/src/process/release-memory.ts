import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AgentLog } from '../log/agent-log.ts';

/** Whoever waited for the start scripts is served first, in milliseconds. */
const DELAY_MS = 1000;

/** Start scripts may go on for ever, and clients call meanwhile: unoptimized code takes three times as long for them. In milliseconds. */
const LONGEST_START_MS = 10_000;

/** With more than this in use, in bytes, the pause would be felt by clients, and what is won is little beside it. */
const MAX_HEAP = 64 * 1024 * 1024;

const OPTIMIZING_COMPILERS = ['maglev', 'turbo'] as const;

/**
 * Until memory is released, V8 leaves all code as its baseline compiler makes it. Most of what runs while an agent starts hardly
 * runs again. To optimize it makes no start shorter, but left some 10 MB behind: pages of the optimizing compilers, and of
 * their threads.
 *
 * The filters, and not the switches of the compilers: taken away again, they turn no compiler on that the user has turned off.
 */
export function optimizeNothingYet(): void {
  for (const compiler of OPTIMIZING_COMPILERS) setFlagsFromString(`--${compiler}-filter=~`); // The name of no function.
}

function optimizeFromNowOn(): void {
  for (const compiler of OPTIMIZING_COMPILERS) setFlagsFromString(`--${compiler}-filter=*`);
}

/**
 * From now on the young generation of the heap stays as small as it is. V8 doubles it again and again while objects outlive it, as
 * those of clients that wait do: of 10 kB for each of 10,000 waiting clients, 3.5 were room for objects to come.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** V8's own function, as `--expose-gc` shows it. */
type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/**
 * Gives the system back what loading and starting have left behind: a moment after `started`, and where that takes longer than ten
 * seconds, then already. V8 lets its heap grow while there is work, and an agent that has none afterwards never comes to collect: it
 * would keep some 20 MB for nothing. Takes about 35 ms. From then on V8 optimizes what is used. Keeps no process alive.
 */
export function releaseMemoryAfter(started: Promise<void>, log: AgentLog): void {
  const release = () => releaseMemory(log);
  const tooLong = setTimeout(release, LONGEST_START_MS).unref();
  void started.then(() => {
    clearTimeout(tooLong);
    setTimeout(release, DELAY_MS).unref();
  });
}

function releaseMemory(log: AgentLog): void {
  optimizeFromNowOn();
  try {
    if (getHeapStatistics().used_heap_size <= MAX_HEAP) collectGarbage();
  } catch (err) {
    // Another Node may not have it. The agent is as good without.
    log.debug({ err }, 'memory of the start could not be given back');
  }
}

/** Only a context that is made while the flag is set has the function, so nothing else ever sees it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  try {
    const collect: Collect = runInNewContext('gc');
    // The plain collection keeps the pages for later; this one gives them back.
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
