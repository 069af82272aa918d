import type { CompletionReport } from './completion.ts';
import type { UnitId } from './id.ts';
import type { Outcome, Requirement } from './status.ts';

/**
 * One change of one unit. The state of a manager is the fold of its events: `UnitManager.fromEvents` gives a manager
 * equal to the one that wrote them. Immutable.
 */
export type UnitEvent = Registered | DependencySet | Started | Completed | Noted;

interface Change {
  /** Counted from 1, without gaps. */
  readonly seq: number;
  /** By the manager's clock, in milliseconds since the epoch. */
  readonly at: number;
  readonly unit: UnitId;
}

/** The unit exists from now on, as `pending`. */
export interface Registered extends Change {
  readonly type: 'registered';
}

/** The unit has a new dependency, or an existing one has another requirement. */
export interface DependencySet extends Change {
  readonly type: 'dependency_set';
  readonly dependsOn: UnitId;
  readonly requires: Requirement;
  /** The requirement that this one replaces; absent where the dependency is new. */
  readonly replaces?: Requirement;
}

/** A run began. */
export interface Started extends Change {
  readonly type: 'started';
  readonly run: number;
  /** Who reports the run, in a few words, where that was said: `the script runner`, `process 4711`. */
  readonly owner?: string;
}

/** A run ended, or the unit was completed without one. */
export interface Completed extends Change, Omit<CompletionReport, 'outcome'> {
  readonly type: 'completed';
  readonly run: number;
  readonly outcome: Outcome;
  /** For a unit that was skipped because of a dependency: which one. */
  readonly because?: { readonly dependsOn: UnitId; readonly requires: Requirement };
}

/** Something worth knowing about the latest run that changes nothing: a failure after it was reported complete, say. */
export interface Noted extends Change {
  readonly type: 'noted';
  readonly run: number;
  readonly note: string;
}
