import type { CompletionReport, Requirement, StartableUnits } from '@muster/unit';

/** What the runner asks of a `UnitManager`. It tracks as well as it can: an error here never fails a script. */
export interface UnitTracker extends StartableUnits {
  register(unit: string): void;
  addDependencies(unit: string, dependencies: readonly Dependency[]): void;
  complete(unit: string, report?: CompletionReport): unknown;
  note(unit: string, note: string): void;
}

/** One edge, seen from the unit that has it. */
export interface Dependency {
  readonly dependsOn: string;
  readonly requires: Requirement;
}

/** For a runner on its own: nothing is tracked, and every script is runnable at once. Scripts can't be ordered then. */
export const noUnits: UnitTracker = {
  register: () => undefined,
  addDependencies: () => undefined,
  start: () => 0,
  complete: () => undefined,
  note: () => undefined,
  readiness: () => 'runnable',
  evaluate: () => ({ readiness: 'runnable' }),
  watch: () => ({ [Symbol.dispose]: () => undefined }),
};
