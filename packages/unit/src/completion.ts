import type { UnitId } from './id.ts';
import type { Outcome, Requirement } from './status.ts';

/** How a run ended, as its owner reports it. */
export interface CompletionReport {
  /** @default 'succeeded' */
  readonly outcome?: Outcome;
  /** The exit code of the process behind the unit, where there was one. */
  readonly exitCode?: number;
  /** The signal that ended that process, as in `SIGKILL`. */
  readonly signal?: string;
  /** A few words for people, for example `cannot open the log file`. */
  readonly reason?: string;
  /** It was reported by someone who does not own the unit, and who insisted. */
  readonly forced?: true;
}

type Details = Pick<CompletionReport, 'exitCode' | 'signal' | 'reason' | 'forced'>;

const NO_DETAILS: Details = {};

/** What a report says beyond the outcome: only the fields that it has. */
export function detailsOf({ exitCode, signal, reason, forced }: Details): Details {
  if (exitCode === undefined && signal === undefined && reason === undefined && forced === undefined) return NO_DETAILS;
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    ...(reason === undefined ? {} : { reason }),
    ...(forced === undefined ? {} : { forced }),
  };
}

/** The end of one run. Immutable. */
export interface Completion {
  /** Which run ended, counted from 1. */
  readonly run: number;
  readonly outcome: Outcome;
  /** When it ended, by the manager's clock, in milliseconds since the epoch. */
  readonly at: number;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly reason?: string;
  readonly forced?: true;
  /** Why the unit was skipped. Only set where a dependency could no longer be met. */
  readonly cause?: SkipCause;
}

/** The dependency that made a unit impossible, and how the unit behind it had ended. */
export interface SkipCause {
  readonly dependsOn: UnitId;
  readonly requires: Requirement;
  /** Itself possibly skipped with a cause: following these links leads to the root of the trouble. */
  readonly completion: Completion;
}

/**
 * The causes of a skip, nearest first, ending with the unit that was not skipped itself.
 *
 * @param limit How many links to follow at the most; chains may be as deep as the graph. Default 100.
 */
export function causeChain(completion: Completion, limit = 100): SkipCause[] {
  const chain: SkipCause[] = [];
  let cause = completion.cause;
  while (cause !== undefined && chain.length < limit) {
    chain.push(cause);
    cause = cause.completion.cause;
  }
  return chain;
}
