import type { Outcome } from '@muster/unit';
import type { Trigger } from './script.ts';

/** Where and when a run began, or would have begun. */
export interface RunStart {
  /** The id of the script. */
  readonly script: string;
  readonly unit: string | null;
  /** Counted from 1 per unit, or per script where there is no unit; 0 when the run never started. */
  readonly run: number;
  /** Unique in the state directory; `MUSTER_RUN_ID` in the environment of the script. */
  readonly runId: string;
  readonly stage: Trigger;
  /** Wall time, in milliseconds since the epoch. */
  readonly startedAt: number;
}

/** How one run went. There is exactly one per run, whatever happens. */
export interface RunReport extends RunStart {
  /** `startedAt` plus the duration by a clock that never goes back; equal to `startedAt` when the run never started. */
  readonly endedAt: number;
  /** `null` where no process ended by itself: ended by a signal, never spawned, or not known. */
  readonly exitCode: number | null;
  /** As in `SIGKILL`; `null` unless a signal ended the script. */
  readonly signal: string | null;
  readonly outcome: Outcome;
  /** A few words for people, where the exit code or signal doesn't say it all. */
  readonly reason?: string;
  /** `null` when no log was opened. */
  readonly logPath: string | null;
  /** The log of stderr; `null` where it has no file of its own (see `output` of a script), or none was opened. */
  readonly errorLogPath: string | null;
}

/** A run whose log is kept, and where that is. Changes when the run ends, and when the next one begins. */
export interface RunLog extends Pick<RunStart, 'run' | 'runId' | 'startedAt'> {
  /** As in {@link RunReport}; `null` while the run goes on. */
  readonly endedAt: number | null;
  readonly outcome: Outcome | null;
  /** Of a run that goes on, where the log is or will be; `null` when none was opened. */
  readonly logPath: string | null;
  /** The same of stderr; `null` also where it has no file of its own. */
  readonly errorLogPath: string | null;
  /**
   * The bytes of the file that are this run's, where all runs of the script write to one (see `logPath` of a script). `to` is `null`
   * until the next run begins. `null`: the file is this run's alone.
   */
  readonly logRange: { readonly from: number; readonly to: number | null } | null;
  readonly errorLogRange: RunLog['logRange'];
  /** Calls back once when the run has ended, also if it has. Dispose of the result to stop. */
  onEnded(action: () => void): Disposable;
}
