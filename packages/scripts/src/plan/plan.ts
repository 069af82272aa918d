import type { Script } from '../script.ts';
import type { Dependency } from '../unit-tracker.ts';
import { cronDefect } from './cron-pattern.ts';
import { planDependencies } from './plan-dependencies.ts';
import { problem, type ScriptProblem, type ScriptWarning } from './plan-problem.ts';
import { nameUnits } from './unit-names.ts';

/** A script with its unit and what that unit depends on. */
export interface PlannedScript {
  readonly script: Script;
  /** `null`: it runs without a unit. */
  readonly unit: string | null;
  readonly dependencies: readonly Dependency[];
}

/** What becomes of a set of scripts. With any problem, none of them should run. */
export interface ScriptPlan {
  /** In the order of the scripts. */
  readonly planned: readonly PlannedScript[];
  /** Everything that is wrong, in the order of the scripts. */
  readonly problems: readonly ScriptProblem[];
  readonly warnings: readonly ScriptWarning[];
}

/** What there is besides the scripts. */
export interface PlanOptions {
  /** Units that somebody else will report; they may be depended on. */
  readonly external?: readonly string[];
}

/** Names the units, resolves the dependencies and finds everything that is wrong, all at once. Runs nothing. */
export function planScripts(scripts: readonly Script[], options: PlanOptions = {}): ScriptPlan {
  const names = nameUnits(scripts);
  const { dependencies, problems } = planDependencies(scripts, names, options.external ?? []);
  const planned = scripts.map((script, position) => ({
    script,
    unit: names.units[position] ?? null,
    dependencies: dependencies[position] ?? [],
  }));
  const found = [...duplicateIds(scripts), ...names.problems, ...scripts.flatMap(checkTimes), ...problems];
  return { planned, problems: inOrderOf(scripts, found), warnings: names.warnings };
}

function inOrderOf(scripts: readonly Script[], problems: readonly ScriptProblem[]): ScriptProblem[] {
  const position = new Map(scripts.map(({ id }, index) => [id, index]));
  return problems.toSorted((a, b) => (position.get(a.script) ?? 0) - (position.get(b.script) ?? 0));
}

function duplicateIds(scripts: readonly Script[]): ScriptProblem[] {
  const seen = new Set<string>();
  return scripts.flatMap(({ id }) => {
    if (seen.has(id)) return [problem('duplicate_script', { script: id, field: 'id' }, { value: id })];
    seen.add(id);
    return [];
  });
}

function checkTimes(script: Script): ScriptProblem[] {
  return [...checkSchedule(script), ...checkTimeout(script)];
}

function checkSchedule({ id, triggers, cron, timezone }: Script): ScriptProblem[] {
  if (cron === undefined)
    return triggers.includes('cron') ? [problem('missing_cron', { script: id, field: 'cron' })] : [];
  const defects = new Set([cronDefect(cron), cronDefect(cron, timezone)]);
  return [...defects].flatMap((defect) => {
    if (defect === null) return [];
    const bad =
      defect === 'bad_timezone'
        ? ({ field: 'timezone', value: timezone } as const)
        : ({ field: 'cron', value: cron } as const);
    return [problem(defect, { script: id, field: bad.field }, { value: bad.value ?? '' })];
  });
}

function checkTimeout({ id, timeoutMs }: Script): ScriptProblem[] {
  if (timeoutMs === undefined || (Number.isFinite(timeoutMs) && timeoutMs >= 0)) return [];
  return [problem('bad_timeout', { script: id, field: 'timeoutMs' }, { value: String(timeoutMs) })];
}
