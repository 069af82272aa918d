import { type Clock, pause } from '../clock.ts';
import { signalGroup, signalProcess } from './process-group.ts';
import { findProcesses, groupOf, type ProcessMark } from './stray-processes.ts';

const POLL_MS = 50;

/** A process that forks while it is hunted is met again in the next pass. After so many passes it is left alone. */
const MAX_KILL_PASSES = 40;

/** How long to be polite. */
export interface Patience {
  readonly clock: Clock;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** Aborted when the grace is over for everybody: SIGKILL comes at once. */
  readonly hurry: AbortSignal;
}

/**
 * Ends processes: SIGTERM to the group and to those that left it, `graceMs` for them to go (or until `hurry`), then
 * SIGKILL until nobody is left. Resolves with the number of survivors, which is 0 unless a process can't be killed (it waits for a device).
 */
export async function stopProcesses(mark: ProcessMark, { clock, graceMs, hurry }: Patience): Promise<number> {
  signalAll(mark, 'SIGTERM');
  const end = clock.monotonic() + graceMs;
  while (!hurry.aborted && clock.monotonic() < end && findProcesses(mark).length > 0) {
    await pause(clock, Math.min(POLL_MS, graceMs));
  }
  return await killAll(mark, clock);
}

async function killAll(mark: ProcessMark, clock: Clock): Promise<number> {
  for (let pass = 0; pass < MAX_KILL_PASSES; pass++) {
    if (findProcesses(mark).length === 0) return 0;
    signalAll(mark, 'SIGKILL');
    await pause(clock, POLL_MS);
  }
  return findProcesses(mark).length;
}

function signalAll(mark: ProcessMark, signal: NodeJS.Signals): void {
  // Those outside of the group first, while they can still be told apart; the group then gets it at one instant.
  for (const { pid, group } of findProcesses(mark)) {
    if (group !== mark.group) signalProcess(pid, signal);
  }
  const own = groupOf(mark);
  if (own !== undefined) signalGroup(own, signal);
}
