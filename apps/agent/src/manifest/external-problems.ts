import type { ScriptPlan } from '@muster/scripts';
import { parseUnitId, quote, UnitError } from '@muster/unit';
import type { ManifestProblem } from './problem.ts';
import type { YamlSource } from './yaml-source.ts';

/** What is wrong with the units that somebody else reports: names that no unit can have, and names of scripts. */
export function externalProblems(
  external: readonly string[],
  { planned }: ScriptPlan,
  source: YamlSource,
): ManifestProblem[] {
  const owners = new Map(planned.map(({ unit, script }) => [unit, script.id]));
  return external.flatMap((name, index) => {
    const owner = owners.get(name);
    const what = owner === undefined ? invalidName(name) : ownedTwice(owner);
    if (what === null) return [];
    return [
      source.problemAt(['external', index], { ...what, message: `entry ${index + 1} of "external" ${what.message}` }),
    ];
  });
}

interface What {
  readonly message: string;
  readonly hint?: string;
}

function ownedTwice(script: string): What {
  return {
    message: `is the unit of script ${quote(script)}`,
    hint: 'Remove it here, or give one of the two another name.',
  };
}

function invalidName(name: string): What | null {
  try {
    parseUnitId(name);
    return null;
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return { message: `is wrong: ${error.message}` };
  }
}
