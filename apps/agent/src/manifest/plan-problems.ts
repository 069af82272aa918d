import type { ProblemCode, ProblemField, ScriptPlan, ScriptProblem } from '@muster/scripts';
import type { ManifestPath, ManifestProblem } from './problem.ts';
import type { YamlSource } from './yaml-source.ts';

/** How much of the manifest the plan could see. */
export type Completeness = 'whole' | 'names_known' | 'names_missing';

/** Findings that may follow from what the schema refused: said again, if they hold, once that is put right. */
const DOUBTFUL: Readonly<Record<Completeness, ReadonlySet<ProblemCode>>> = {
  whole: new Set(),
  names_known: new Set(['never_runs']),
  names_missing: new Set(['never_runs', 'unknown_dependency', 'ambiguous_dependency']),
};

/** What the plan found, each at its place in the file. */
export function planProblems({ problems }: ScriptPlan, context: PlanContext): ManifestProblem[] {
  return problems
    .filter(({ code }) => !DOUBTFUL[context.completeness].has(code))
    .map((problem) => planProblem(problem, context.source));
}

export interface PlanContext {
  readonly completeness: Completeness;
  readonly source: YamlSource;
}

function planProblem({ script, field, index, message }: ScriptProblem, source: YamlSource): ManifestProblem {
  const key = KEYS[field];
  const path: ManifestPath = [
    'scripts',
    script,
    ...(key === null ? [] : [key]),
    ...(index === undefined ? [] : [index]),
  ];
  const atKey = key === null || !source.has(path.slice(0, 3));
  return source.problemAt(path, { message, atKey });
}

/** Where a field of a script stands in the manifest; `null`: it is the key of the script itself. */
const KEYS: Readonly<Record<ProblemField, string | null>> = {
  id: null,
  displayName: 'name',
  resourceAddress: 'address',
  cron: 'cron',
  timezone: 'timezone',
  timeoutMs: 'timeout',
  needs: 'needs',
  after: 'after',
};
