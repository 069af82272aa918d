import { UnitManager } from '@muster/unit';
import type { Graph } from './shapes.ts';

/** Registers every unit and declares every edge with its check, through the public API and one by one. */
export function build({ names, registration, from, to }: Graph): UnitManager {
  const manager = new UnitManager({ now: () => 0 });
  const nameOf = (unit: number | undefined): string => names[unit ?? 0] ?? '';
  for (const unit of registration) manager.register(nameOf(unit));
  for (let edge = 0; edge < from.length; edge += 1) {
    manager.addDependencies(nameOf(from[edge]), [{ dependsOn: nameOf(to[edge]), requires: 'completed' }]);
  }
  return manager;
}

/** Completes every unit, each behind its dependencies. */
export function completeAll(manager: UnitManager, { names }: Graph): void {
  for (const name of names) manager.complete(name);
}
