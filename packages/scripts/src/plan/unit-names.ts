import { parseUnitId, quote, UnitError } from '@muster/unit';
import type { Script } from '../script.ts';
import { type ProblemPlace, problem, type ScriptProblem, type ScriptWarning } from './plan-problem.ts';

/** Which script has which unit. */
export interface UnitNames {
  /** By position of the script; `null`: no unit. */
  readonly units: readonly (string | null)[];
  /** Names that more than one script asked for. */
  readonly ambiguous: ReadonlySet<string>;
  readonly problems: readonly ScriptProblem[];
  readonly warnings: readonly ScriptWarning[];
}

/**
 * Names the units: the resource address, else the display name. Where several scripts ask for one name, the first gets it
 * and the later ones get `#2`, `#3`, so that no script is lost.
 */
export function nameUnits(scripts: readonly Script[]): UnitNames {
  const wanted = scripts.map(({ resourceAddress, displayName }) => resourceAddress ?? displayName ?? null);
  const taken = new Set(wanted);
  const seen = new Set<string>();
  const ambiguous = new Set<string>();
  const problems: ScriptProblem[] = [];
  const warnings: ScriptWarning[] = [];
  const units = scripts.map((script, position) => {
    const name = wanted[position] ?? null;
    if (name === null) {
      warnings.push(withoutUnit(script));
      return null;
    }
    const field = script.resourceAddress === undefined ? 'displayName' : 'resourceAddress';
    problems.push(...invalidUnit(name, { script: script.id, field }));
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    ambiguous.add(name);
    const unit = firstFree(name, taken);
    warnings.push(duplicate(script, name, unit));
    return unit;
  });
  return { units, ambiguous, problems, warnings };
}

function firstFree(name: string, taken: Set<string | null>): string {
  let number = 2;
  while (taken.has(`${name}#${number}`)) number += 1;
  taken.add(`${name}#${number}`);
  return `${name}#${number}`;
}

/** What is wrong with a name, if it can't be that of a unit. */
export function invalidUnit(name: string, place: ProblemPlace): ScriptProblem[] {
  try {
    parseUnitId(name);
    return [];
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return [problem('invalid_unit', place, { value: name, detail: error.message })];
  }
}

function withoutUnit({ id }: Script): ScriptWarning {
  const message = `script ${quote(id)} has neither a displayName nor a resourceAddress: it runs, but no unit shows it`;
  return { code: 'no_unit', script: id, message };
}

function duplicate({ id }: Script, name: string, unit: string): ScriptWarning {
  const message = `script ${quote(id)}: another script has the unit ${quote(name)} already, so this one is ${quote(unit)}`;
  return { code: 'duplicate_unit', script: id, message, unit };
}
