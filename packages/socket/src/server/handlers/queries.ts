import type { UnitManager, UnitSnapshot } from '@muster/unit';
import { unknownUnit } from '../unit-refusal.ts';
import { toDependencyInfo } from '../unit-view.ts';
import type { Handler } from './handler.ts';

/** Whether a unit may start, and what it waits for. */
export const ready: Handler<'sync.ready'> = ({ unit }, { units, names }) => {
  known(units, unit, names);
  const evaluation = units.evaluate(unit);
  return {
    unit,
    ready: evaluation.readiness === 'runnable',
    readiness: evaluation.readiness,
    unmet: evaluation.readiness === 'runnable' ? [] : evaluation.unmet.map(toDependencyInfo),
  };
};

/** One unit with its dependencies. */
export const status: Handler<'sync.status'> = ({ unit }, { units, names, views }) => ({
  ...views.of(known(units, unit, names)),
  dependencies: units.dependencies(unit).map(toDependencyInfo),
});

/** All units, sorted by name. */
export const list: Handler<'sync.list'> = (_params, { views }) => ({ units: views.all() });

/** A unit that somebody has mentioned. @throws RequestError `unknown_unit` with the nearest names. */
export function known(units: Pick<UnitManager, 'find'>, unit: string, names: Iterable<string>): UnitSnapshot {
  const found = units.find(unit);
  if (found === null) throw unknownUnit(unit, names);
  return found;
}
