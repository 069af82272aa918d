import { RequestError } from '../request-error.ts';
import { toDependencyInfo } from '../unit-view.ts';
import { declarationsOf, declare } from './declare.ts';
import type { Handler } from './handler.ts';

/** Declares dependencies: all or none, together with the unit if that is new. */
export const want: Handler<'sync.want'> = (params, { units }) => {
  const { unit, dependsOn, requires } = params;
  const declarations = [...dependsOn.map((name) => ({ dependsOn: name, requires })), ...declarationsOf(params)];
  if (declarations.length === 0) {
    const message = 'dependsOn, needs or after must name a unit';
    throw RequestError.invalidParams('sync.want', { field: 'dependsOn', message });
  }
  declare(units, unit, declarations);
  return {
    unit,
    dependencies: units.dependencies(unit).map(toDependencyInfo),
    ready: units.readiness(unit) === 'runnable',
  };
};
