import { parseUnitId } from '@muster/unit';
import { toDependencyInfo } from '../unit-view.ts';
import { ensureRegistered } from './ensure-registered.ts';
import type { Handler } from './handler.ts';

export const want: Handler<'sync.want'> = ({ unit, dependsOn, requires }, { units }) => {
  // A request with a wrong name leaves no trace. After a circle the unit stays registered: it was named, after all.
  const dependencies = dependsOn.map((name) => ({ dependsOn: parseUnitId(name), requires }));
  ensureRegistered(units, unit);
  units.addDependencies(unit, dependencies);
  return {
    unit,
    dependencies: units.dependencies(unit).map(toDependencyInfo),
    ready: units.readiness(unit) === 'runnable',
  };
};
