export {
  type BlockerOfMany,
  type BlockerOfUnit,
  blockersOf,
  type Obstacle,
  type RootBlocker,
  rankBlockers,
} from './blockers.ts';
export { type Completion, type CompletionReport, causeChain, type SkipCause } from './completion.ts';
export { describeCause, describeCircle, describeCompletion, describeUnmet, quote } from './describe.ts';
export { UNIT_ERROR_CODES, UnitError, type UnitErrorCode, type UnitErrorFacts } from './errors.ts';
export type { Completed, DependencySet, Noted, Registered, Started, UnitEvent } from './event.ts';
export { toDot, toMermaid } from './export.ts';
export { MAX_UNIT_ID_LENGTH, parseUnitId, type UnitId } from './id.ts';
export type { DependencyDeclaration, EventsAnswer, StartOptions, UnitManagerOptions } from './manager-types.ts';
export type { DependencySnapshot, Evaluation, ManagerSnapshot, Readiness, UnitSnapshot } from './snapshot.ts';
export {
  type AbortSignalLike,
  type StartableUnits,
  type StartWhenReadyOptions,
  startWhenReady,
} from './start-when-ready.ts';
export { OUTCOMES, type Outcome, REQUIREMENTS, type Requirement, STATUSES, type Status } from './status.ts';
export { UnitManager } from './unit-manager.ts';
export type { Standing } from './unit-table.ts';
export type { WorkWait } from './wait-graph.ts';
