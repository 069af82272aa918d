import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AgentLog } from '../log/agent-log.ts';

/** Whoever waited for the start scripts is served first, in milliseconds. */
const DELAY_MS = 1000;

/** With more than this in use, in bytes, the pause would be felt by clients, and what is won is little beside it. */
const MAX_HEAP = 64 * 1024 * 1024;

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
 * Gives the system back, once and in a moment, what loading and starting have left behind. V8 lets its heap grow while there
 * is work, and an agent that has none afterwards never comes to collect: it would keep some 20 MB for nothing. Takes
 * about 35 ms. Keeps no process alive.
 */
export function releaseMemorySoon(log: AgentLog): void {
  setTimeout(() => {
    try {
      if (getHeapStatistics().used_heap_size <= MAX_HEAP) collectGarbage();
    } catch (err) {
      // Another Node may not have it. The agent is as good without.
      log.debug({ err }, 'memory of the start could not be given back');
    }
  }, DELAY_MS).unref();
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
