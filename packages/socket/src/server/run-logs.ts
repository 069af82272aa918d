import type { Result } from '../protocol/methods.ts';

/** One run of a script, and where its output is; as in the answer of `sync.logs`, with times in milliseconds since the epoch. */
export interface RunLog
  extends Omit<Result<'sync.logs'>, 'unit' | 'startedAt' | 'endedAt' | 'logRange' | 'errorLogRange'> {
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly logRange: { readonly from: number; readonly to: number | null } | null;
  readonly errorLogRange: RunLog['logRange'];
  /** Calls back once when the run has ended, also if it has; the fields have changed then. Dispose of the result to stop. */
  onEnded(action: () => void): Disposable;
}

/** The runs of the script of a unit whose logs are kept, oldest first; `null` where no script stands for the unit. */
export type RunLogs = (unit: string) => readonly RunLog[] | null;

/** A server of nobody who runs scripts. */
export const noLogs: RunLogs = () => null;
