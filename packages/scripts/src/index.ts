export type { Clock } from './clock.ts';
export { SCRIPT_ERROR_CODES, ScriptError, type ScriptErrorCode } from './errors.ts';
export { makeDirectories } from './files/make-directories.ts';
export { type LogBatch, type LogSink, linesOf } from './log/log-sink.ts';
export type { Logger } from './logger.ts';
export { type ExecutedCounts, renderMetrics } from './metrics.ts';
export { nearestName } from './plan/nearest-name.ts';
export { type PlannedScript, type PlanOptions, planScripts, type ScriptPlan } from './plan/plan.ts';
export {
  PROBLEM_CODES,
  type ProblemCode,
  type ProblemFacts,
  type ProblemField,
  type ScriptProblem,
  type ScriptWarning,
} from './plan/plan-problem.ts';
export type { RunLog, RunReport, RunStart } from './report.ts';
export type { Retention } from './run/retention.ts';
export { ScriptRunner } from './runner.ts';
export type { ScriptRunnerOptions } from './runner-options.ts';
export { type Script, TRIGGERS, type Trigger } from './script.ts';
export type { ScriptOwnership } from './unit/script-ownership.ts';
export { type Dependency, noUnits, type UnitTracker } from './unit-tracker.ts';
