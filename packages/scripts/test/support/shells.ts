import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** The shells of the pool that wait for a run, or have one. */
export function shells(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => isShell(pid)).map(Number);
}

function isShell(pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isOurs = Number(parent) === process.pid && state !== 'Z';
    return isOurs && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('/bin/sh\0-s\0muster-run');
  } catch {
    return false; // It has ended meanwhile.
  }
}

/** Resolves when the condition holds; asks again and again. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}
