import { type Memory, memoryOf, switchesOf } from './process-facts.ts';
import { short } from './statistics.ts';
import type { Row } from './table.ts';

/** What a process costs that does nothing. */
export interface Idleness extends Memory {
  /** By the second. */
  readonly wakeUps: number;
}

/**
 * How long to let a process come to rest after its start, in milliseconds. In the first minute V8 looks twice for garbage that the
 * start may have left, and the agent gives memory back: it is not idle yet.
 */
const SETTLE_MS = 45_000;

/** Lets processes come to rest, and then watches all of them at once. */
export async function watchIdle(pids: readonly number[], watchMs: number): Promise<readonly Idleness[]> {
  await sleep(SETTLE_MS);
  const before = pids.map(switchesOf);
  await sleep(watchMs);
  return pids.map((pid, index) => ({
    ...memoryOf(pid),
    wakeUps: (switchesOf(pid) - (before[index] ?? 0)) / (watchMs / 1000),
  }));
}

/** The cells of a row, beside those of the floor. */
export function idleCells(idle: Idleness, floor: Idleness): Row {
  return {
    'resident MB': short(idle.resident),
    '× floor': short(idle.resident / floor.resident),
    'private MB': short(idle.private),
    'private × floor': short(idle.private / floor.private),
    'wake-ups/s': short(idle.wakeUps),
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
