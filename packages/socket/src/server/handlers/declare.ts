import type { DependencyDeclaration, UnitManager } from '@muster/unit';

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
  units.addDependencies(unit, declarations, { register: true });
}
