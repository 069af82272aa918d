import type { Completion, SkipCause } from './completion.ts';
import type { UnitId } from './id.ts';
import type { Outcome, Requirement, Status } from './status.ts';

/** A unit as it was when it was asked for. Immutable; later changes do not show in it. */
export interface UnitSnapshot {
  readonly unit: UnitId;
  /** `null`: nobody has registered the unit, it is only named as a dependency. */
  readonly status: Status | null;
  /** How the latest completed run ended; `null` until there is one. It stands while the next run goes on. */
  readonly outcome: Outcome | null;
  /** Whether every dependency is satisfied. Says nothing of the unit's own status. */
  readonly ready: boolean;
  /** The number of the latest run, counted from 1; 0 before the first. */
  readonly run: number;
  /** When the status last changed, in milliseconds since the epoch; `null` for a unit that is not registered. */
  readonly changedAt: number | null;
  /** The latest completed run in full; `null` until there is one. */
  readonly completion: Completion | null;
  /** Who reports the latest run, where its start said so. */
  readonly owner: string | null;
  /** The latest note about the latest run. */
  readonly note: string | null;
}

/** One edge of the graph, with what the unit behind it has reached. Immutable. */
export interface DependencySnapshot {
  readonly unit: UnitId;
  readonly dependsOn: UnitId;
  readonly requires: Requirement;
  /** Of the unit depended on; `null`: not registered. */
  readonly status: Status | null;
  /** Of the unit depended on; `null`: no completed run. */
  readonly outcome: Outcome | null;
  readonly satisfied: boolean;
}

/**
 * Whether a unit may start.
 *
 * - `runnable`: every dependency is satisfied
 * - `waiting`: some are not yet
 * - `impossible`: one ended so that it won't be satisfied unless its unit runs again
 */
export type Readiness = 'runnable' | 'waiting' | 'impossible';

/** The {@link Readiness} of a unit with what it follows from. `unmet` is sorted by `dependsOn`. */
export type Evaluation =
  | { readonly readiness: 'runnable' }
  | { readonly readiness: 'waiting'; readonly unmet: readonly DependencySnapshot[] }
  | { readonly readiness: 'impossible'; readonly unmet: readonly DependencySnapshot[]; readonly cause: SkipCause };

/** The whole state at one event: a reader that has missed events goes on from here. */
export interface ManagerSnapshot {
  /** The number of the latest event that the state includes; 0 when there was none. */
  readonly seq: number;
  /** In the order in which they were first named. */
  readonly units: readonly UnitSnapshot[];
  /** In the order in which they were declared. */
  readonly dependencies: readonly DependencySnapshot[];
}
