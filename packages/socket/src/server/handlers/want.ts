import { toDependencyInfo } from '../unit-view.ts';
import type { Handler } from './handler.ts';

/** Declares dependencies: all or none, together with the unit if that is new. */
export const want: Handler<'sync.want'> = ({ unit, dependsOn, requires }, { units }) => {
  const dependencies = dependsOn.map((name) => ({ dependsOn: name, requires }));
  units.addDependencies(unit, dependencies, { register: true });
  return {
    unit,
    dependencies: units.dependencies(unit).map(toDependencyInfo),
    ready: units.readiness(unit) === 'runnable',
  };
};
