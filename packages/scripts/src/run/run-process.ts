import type { Outcome } from '@muster/unit';
import { type Clock, pause } from '../clock.ts';
import { signalGroup } from '../processes/process-group.ts';
import { type Patience, stopProcesses } from '../processes/stop-processes.ts';
import type { Ending, SupervisedRun } from '../supervisor/supervised-run.ts';
import { type EndOfRun, endOf, type StopCause, withoutProcess } from './end-of-run.ts';

/** How long a supervisor may take to record the end of a script that was killed, in milliseconds. */
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
  if (cause === null) return await endedByItself(child, runId, limits);
  child.giveUp();
  const survivors = await stopRun(child, cause, { runId, limits });
  const ending = await settle(child, limits.clock);
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

async function endedByItself(child: SupervisedRun, runId: string, limits: Limits): Promise<EndOfRun> {
  const ending = await child.ended;
  // Without its supervisor the script may still be running; a unit that is completed must not.
  if (ending.kind === 'unknown' && child.supervisor !== undefined) await stopRun(child, 'failed', { runId, limits });
  return endOf(ending, null);
}

async function stopRun(
  child: SupervisedRun,
  ending: Outcome,
  { runId, limits }: { readonly runId: string; readonly limits: Limits },
): Promise<number> {
  const { clock, graceMs, onStop } = limits;
  // First, because a shell that gets SIGTERM runs its EXIT trap with the status of the last command, which was most often 0.
  onStop(ending);
  // Until the script is started there is no group to signal; that takes some milliseconds.
  const group = await Promise.race([child.group, pause(clock, graceMs, child.group).then(() => null)]);
  const mark = { environment: [`MUSTER_RUN_ID=${runId}\0`], group: group ?? undefined, except: child.supervisor };
  return await stopProcesses(mark, limits);
}

/** The end of a script that was stopped. A supervisor that does not come to its own end is killed, and waited for no longer than this. */
async function settle(child: SupervisedRun, clock: Clock): Promise<Ending> {
  await pause(clock, RECORD_MS, child.ended);
  if (!child.hasEnded) {
    if (child.supervisor !== undefined) signalGroup(child.supervisor, 'SIGKILL');
    await pause(clock, RECORD_MS, child.ended);
    child.lose('the exit status is not known: the supervisor of the script can not be killed');
  }
  return await child.ended;
}
