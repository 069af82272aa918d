import type { Script, Trigger } from '../script.ts';
import type { Dependency } from '../unit-tracker.ts';
import { walkGraph } from './graph-walk.ts';
import { nearestName } from './nearest-name.ts';
import { type ProblemPlace, problem, type ScriptProblem } from './plan-problem.ts';
import { invalidUnit, type UnitNames } from './unit-names.ts';

/**
 * The triggers that may have run the unit that is waited for. Scripts of one trigger run together, so start and stop
 * scripts can only be ordered among themselves. The schedule begins beside the start scripts, and may wait for them.
 */
const REACHABLE: Record<Trigger, readonly Trigger[]> = { start: ['start'], stop: ['stop'], cron: ['cron', 'start'] };

interface Reference extends ProblemPlace {
  readonly name: string;
  readonly requires: Dependency['requires'];
}

interface KnownUnits {
  readonly scripts: ReadonlyMap<string, Script>;
  readonly external: ReadonlySet<string>;
  readonly ambiguous: ReadonlySet<string>;
}

/** The dependencies of each script, by position, and what is wrong with them. */
export function planDependencies(
  scripts: readonly Script[],
  names: UnitNames,
  external: readonly string[],
): { dependencies: Dependency[][]; problems: ScriptProblem[] } {
  const byUnit = new Map(scripts.flatMap((script, position) => entry(names.units[position], script)));
  const known: KnownUnits = { scripts: byUnit, external: new Set(external), ambiguous: names.ambiguous };
  const problems: ScriptProblem[] = [];
  const dependencies = scripts.map((script, position) => {
    const references = referencesOf(script);
    const hasUnit = names.units[position] !== null;
    problems.push(...references.flatMap((reference) => (hasUnit ? checkReference(reference, script, known) : [])));
    if (!hasUnit) problems.push(...references.slice(0, 1).map((place) => at('no_unit', place)));
    return merge(references);
  });
  return { dependencies, problems: [...problems, ...cycleProblems(scripts, names, dependencies)] };
}

function entry(unit: string | null | undefined, script: Script): [string, Script][] {
  return unit === null || unit === undefined ? [] : [[unit, script]];
}

function referencesOf({ id, needs = [], after = [] }: Script): Reference[] {
  return [
    ...after.map((name, index) => ({ script: id, field: 'after', index, name, requires: 'completed' }) as const),
    ...needs.map((name, index) => ({ script: id, field: 'needs', index, name, requires: 'succeeded' }) as const),
  ];
}

/** Of a name under both `needs` and `after`, `needs` wins: it asks for more. */
function merge(references: readonly Reference[]): Dependency[] {
  const requirements = new Map(references.map(({ name, requires }) => [name, requires]));
  return [...requirements].map(([dependsOn, requires]) => ({ dependsOn, requires }));
}

function checkReference(reference: Reference, script: Script, known: KnownUnits): ScriptProblem[] {
  const { name } = reference;
  if (known.ambiguous.has(name)) return [at('ambiguous_dependency', reference, { value: name })];
  const target = known.scripts.get(name);
  if (target !== undefined) return checkTriggers(reference, script, target);
  if (known.external.has(name)) return invalidUnit(name, reference);
  const nearest = nearestName(name, [...known.scripts.keys(), ...known.external]);
  return [at('unknown_dependency', reference, nearest === undefined ? { value: name } : { value: name, nearest })];
}

function checkTriggers(reference: Reference, script: Script, target: Script): ScriptProblem[] {
  const trigger = script.triggers.find((own) => !REACHABLE[own].some((reached) => target.triggers.includes(reached)));
  return trigger === undefined ? [] : [at('never_runs', reference, { value: reference.name, trigger })];
}

function at(
  code: ScriptProblem['code'],
  { script, field, index }: ProblemPlace,
  facts: ScriptProblem['facts'] = {},
): ScriptProblem {
  return problem(code, index === undefined ? { script, field } : { script, field, index }, facts);
}

function cycleProblems(
  scripts: readonly Script[],
  names: UnitNames,
  dependencies: readonly Dependency[][],
): ScriptProblem[] {
  const positions = new Map(
    names.units.flatMap((unit, position) => (unit === null ? [] : [[unit, position] as const])),
  );
  const edges = new Map(
    [...positions].map(([unit, position]) => [unit, (dependencies[position] ?? []).map(({ dependsOn }) => dependsOn)]),
  );
  return walkGraph(edges).cycles.flatMap((path) => {
    const [from = '', to] = path;
    const script = scripts[positions.get(from) ?? -1];
    const place = script === undefined ? undefined : referencesOf(script).findLast(({ name }) => name === to);
    return place === undefined ? [] : [at('cycle', place, { path })];
  });
}
