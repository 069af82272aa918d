import { type DependencyDeclaration, type Requirement, UnitError, UnitManager } from '@muster/unit';

/** A manager whose clock moves by one millisecond each time it is read. */
export function managerWith(...units: string[]): UnitManager {
  let time = 0;
  const manager = new UnitManager({ now: () => ++time });
  for (const unit of units) manager.register(unit);
  return manager;
}

/** Declares dependencies with one requirement. */
export function depend(
  manager: UnitManager,
  unit: string,
  ...[dependsOn, requires = 'completed']: [string | string[], Requirement?]
): void {
  const declarations: DependencyDeclaration[] = [dependsOn].flat().map((name) => ({ dependsOn: name, requires }));
  manager.addDependencies(unit, declarations);
}

/** The error of an operation that must be refused. */
export function refusal(operation: () => unknown): UnitError {
  try {
    operation();
  } catch (error) {
    if (error instanceof UnitError) return error;
    throw error;
  }
  throw new Error('the operation was not refused');
}

/** Everything that can be seen of a manager. */
export function stateOf(manager: UnitManager): unknown {
  return manager.snapshot();
}
