import type { Outcome } from '@muster/unit';
import type { Ending } from '../supervisor/supervised-run.ts';

/** Why a run was stopped from outside. */
export type StopCause = 'timed_out' | 'canceled';

/** How a run ended, whatever way it went. */
export interface EndOfRun {
  readonly outcome: Outcome;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason?: string;
}

/** The end of a run whose process came to `ending`. The cause that stopped it says more than how it then died. */
export function endOf(ending: Ending, cause: StopCause | null, reason?: string): EndOfRun {
  const process = describeEnding(ending);
  if (cause === null) return process;
  const stopped = { outcome: cause, exitCode: process.exitCode, signal: process.signal };
  return reason === undefined ? stopped : { ...stopped, reason };
}

function describeEnding(ending: Ending): EndOfRun {
  switch (ending.kind) {
    case 'exited':
      return { outcome: ending.exitCode === 0 ? 'succeeded' : 'failed', exitCode: ending.exitCode, signal: null };
    case 'signaled':
      return { outcome: 'failed', exitCode: null, signal: ending.signal };
    case 'unknown':
      return { outcome: 'failed', exitCode: null, signal: null, reason: ending.reason };
    default:
      return ending satisfies never;
  }
}

/** The end of a run that never had a process. */
export function withoutProcess(outcome: Outcome, reason?: string): EndOfRun {
  const end = { outcome, exitCode: null, signal: null };
  return reason === undefined ? end : { ...end, reason };
}
