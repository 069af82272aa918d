import type { Outcome } from '@muster/unit';
import { type Clock, pause } from '../clock.ts';
import { signalGroup } from '../processes/process-group.ts';
import { type Patience, stopProcesses } from '../processes/stop-processes.ts';
import type { Ending, SupervisedRun } from '../supervisor/supervised-run.ts';
import { type EndOfRun, endOf, type StopCause, withoutProcess } from './end-of-run.ts';

/** How long a supervisor may take to start a script that is to be stopped, and to record the end of one that was, in milliseconds. */
const RECORD_MS = 2_000;

/** When a process has to go. */
export interface Limits extends Patience {
  /** Milliseconds; 0: no limit. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Is told how the run will end when it is being stopped, before its processes know of that. */
  readonly onStop: (ending: Outcome) => void;
}

/**
 * Starts a command and lets it run to its end: its own exit, the timeout or the signal, whichever is first; the later ones
 * change nothing. Children in the background are not waited for. But where the run is stopped, they go too.
 */
export async function runProcess(start: () => SupervisedRun, runId: string, limits: Limits): Promise<EndOfRun> {
  if (limits.signal.aborted) return withoutProcess('canceled');
  const child = start();
  const cause = await firstCause(child, limits);
  let survivors = cause === null ? 0 : await stopRun(child, cause, { runId, limits });
  const ending = cause === null ? await child.ended : await settle(child, limits.clock);
  // Without its supervisor the script may still be running, or have been started after all; a unit that is completed must not.
  if (ending.kind === 'unknown' && child.supervisor !== undefined) {
    survivors = await stopRun(child, cause ?? 'failed', { runId, limits });
  }
  return endOf(ending, cause, survivors === 0 ? undefined : `${survivors} of its processes can't be killed`);
}

async function firstCause(child: SupervisedRun, limits: Limits): Promise<StopCause | null> {
  const { promise, resolve } = Promise.withResolvers<StopCause | null>();
  const cancel = () => resolve('canceled');
  limits.signal.addEventListener('abort', cancel, { once: true });
  const timer = limits.timeoutMs > 0 ? limits.clock.schedule(() => resolve('timed_out'), limits.timeoutMs) : null;
  void child.ended.then(() => resolve(null));
  const cause = await promise;
  limits.signal.removeEventListener('abort', cancel);
  timer?.[Symbol.dispose]();
  return cause;
}

async function stopRun(
  child: SupervisedRun,
  ending: Outcome,
  { runId, limits }: { readonly runId: string; readonly limits: Limits },
): Promise<number> {
  child.giveUp();
  const { clock, onStop } = limits;
  // First, because a shell that gets SIGTERM runs its EXIT trap with the status of the last command, which was most often 0.
  onStop(ending);
  // Until the script is started there is no group to signal, and nobody carries the mark; that takes some milliseconds.
  const group = await soon(child.group, clock);
  if (group === undefined) killSupervisor(child);
  const { groupStart, supervisor: except } = child;
  const mark = { environment: [`MUSTER_RUN_ID=${runId}\0`], group: group ?? undefined, groupStart, except };
  return await stopProcesses(mark, limits);
}

/** The end of a script that was stopped. A supervisor that does not come to its own end is killed, and waited for no longer than this. */
async function settle(child: SupervisedRun, clock: Clock): Promise<Ending> {
  const recorded = await soon(child.ended, clock);
  if (recorded !== undefined) return recorded;
  killSupervisor(child);
  await soon(child.ended, clock);
  child.lose("the exit status is not known: the supervisor of the script can't be killed");
  return await child.ended;
}

/** `undefined` where it takes longer than a supervisor may. */
async function soon<T>(promise: Promise<T>, clock: Clock): Promise<T | undefined> {
  return await Promise.race([promise, pause(clock, RECORD_MS, promise).then(() => undefined)]);
}

/** With its child, which is in its group until it has become the script. */
function killSupervisor({ supervisor }: SupervisedRun): void {
  if (supervisor !== undefined) signalGroup(supervisor, 'SIGKILL');
}
