import type { UnitEvent } from './event.ts';
import type { ManagerSnapshot } from './snapshot.ts';
import type { Requirement } from './status.ts';

/** What a manager is made of. */
export interface UnitManagerOptions {
  /** The clock: milliseconds since the epoch, as `Date.now` gives them. The manager has none of its own. */
  readonly now: () => number;
  /** How many of the latest events are kept for readers that come later; at least 1. Default 10,000. */
  readonly tail?: number;
  /**
   * Is told what a listener threw; the operation that it was told of has happened all the same. By default the error
   * becomes an unhandled rejection, so that it is not lost.
   */
  readonly onListenerError?: (error: unknown) => void;
}

/** A dependency to declare: the name of a unit, registered or not, and what is asked of it. */
export interface DependencyDeclaration {
  readonly dependsOn: string;
  readonly requires: Requirement;
}

/** How a run begins. */
export interface StartOptions {
  /** Who will report its end, in a few words for people. */
  readonly owner?: string;
}

/** What a reader gets that asks for events by sequence number. */
export type EventsAnswer =
  | { readonly kind: 'events'; readonly events: readonly UnitEvent[] }
  /** Some of them are no longer kept, or the number is of another history: go on from this state. */
  | { readonly kind: 'too_old'; readonly oldest: number; readonly snapshot: ManagerSnapshot };
