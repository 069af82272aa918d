/** How far the latest run of a registered unit has come. */
export const STATUSES = ['pending', 'started', 'completed'] as const;
export type Status = (typeof STATUSES)[number];

/** How a completed run ended. */
export const OUTCOMES = ['succeeded', 'failed', 'timed_out', 'skipped', 'canceled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * What a dependency asks of the unit that it points to.
 *
 * - `started`: any run has started
 * - `completed`: any run has completed, whatever its outcome
 * - `succeeded`: the latest completed run has succeeded
 *
 * A satisfied dependency is never undone by the next run of its unit, only by the end of that run.
 */
export const REQUIREMENTS = ['started', 'completed', 'succeeded'] as const;
export type Requirement = (typeof REQUIREMENTS)[number];
