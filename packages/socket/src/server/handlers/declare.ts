import { type DependencyDeclaration, parseUnitId, UnitError, type UnitId, type UnitManager } from '@muster/unit';
import { ensureRegistered } from './ensure-registered.ts';

interface Declarations {
  readonly needs: readonly string[];
  readonly after: readonly string[];
}

/** The dependencies that a request names, in the words of the unit manager. A name in both must have succeeded. */
export function declarationsOf({ needs, after }: Declarations): DependencyDeclaration[] {
  const isNeeded = new Set(needs);
  const afterOnly = after.filter((name) => !isNeeded.has(name));
  return [
    ...needs.map((dependsOn) => ({ dependsOn, requires: 'succeeded' as const })),
    ...afterOnly.map((dependsOn) => ({ dependsOn, requires: 'completed' as const })),
  ];
}

/** Declares all of them or none. A request that is refused leaves no trace, not even the registration of the unit. */
export function declare(units: UnitManager, unit: string, declarations: readonly DependencyDeclaration[]): void {
  const dependencies = declarations.map(({ dependsOn }) => parseUnitId(dependsOn));
  if ((units.find(unit)?.status ?? null) === null) refuseCircle(units, parseUnitId(unit), dependencies);
  ensureRegistered(units, unit);
  if (declarations.length > 0) units.addDependencies(unit, declarations);
}

/**
 * The manager refuses circles itself, but of registered units only: this looks before the unit is registered.
 *
 * @throws UnitError `cycle`
 */
function refuseCircle(units: UnitManager, unit: UnitId, dependencies: readonly UnitId[]): void {
  const parents = new Map<UnitId, UnitId>(dependencies.map((dependency) => [dependency, unit]));
  // A Map goes on to what is added while it is read, so this visits all that the unit would wait for.
  for (const [visited] of parents) {
    if (visited === unit) throw UnitError.cycle(unit, circleOf(unit, parents));
    if (units.find(visited) === null) continue;
    for (const { dependsOn } of units.dependencies(visited)) {
      if (!parents.has(dependsOn)) parents.set(dependsOn, visited);
    }
  }
}

function circleOf(unit: UnitId, parents: ReadonlyMap<UnitId, UnitId>): UnitId[] {
  const circle = [unit];
  let step = parents.get(unit);
  for (; step !== undefined && step !== unit; step = parents.get(step)) circle.unshift(step);
  return [unit, ...circle];
}
