import { readFileSync } from 'node:fs';

/** The limit where the system does not tell (no /proc): the smallest that is usual. */
const ASSUMED = 1024;

/** For all but the runs: standard streams, what Node itself needs, a socket and some clients. */
const RESERVED = 64;

/** Of a run whose output is split: its logs, and the pipes of its supervisor. */
const PER_RUN = 4;

/** The share of the logs of ended runs, for a sink that lags behind. */
const ENDED_SHARE = 1 / 8;

/** What a process with so many open files at the most can do at once without running out of them. */
export interface OpenFileBudget {
  readonly runs: number;
  readonly endedLogs: number;
}

/** @param limit Of open files. Default: that of this process. */
export function openFileBudget(limit: number = openFileLimit()): OpenFileBudget {
  const endedLogs = Math.floor(limit * ENDED_SHARE);
  return { runs: Math.max(1, Math.floor((limit - endedLogs - RESERVED) / PER_RUN)), endedLogs };
}

function openFileLimit(): number {
  try {
    const soft = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(soft ?? ASSUMED);
  } catch {
    return ASSUMED;
  }
}
