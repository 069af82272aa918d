import type { CompletionReport } from '@muster/unit';
import { unknownUnit } from '../unit-refusal.ts';
import { isForced } from './authority.ts';
import { ensureRegistered } from './ensure-registered.ts';
import type { Handler } from './handler.ts';

/** Ends a run. A unit that has completed is left as it is; a name that nobody has mentioned is refused. */
export const complete: Handler<'sync.complete'> = (params, { units, names, ownership }) => {
  const { unit, outcome, exitCode, signal, reason } = params;
  const found = units.find(unit);
  if (found === null) throw unknownUnit(unit, names);
  if (found.status === 'completed' && found.outcome !== null) {
    return { unit, run: found.run, outcome: found.outcome, already: true };
  }
  const forced = isForced({ ownership }, params);
  ensureRegistered(units, unit);
  const report: CompletionReport = {
    outcome,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    ...(reason === undefined ? {} : { reason }),
    ...(forced ? { forced } : {}),
  };
  const completion = units.complete(unit, report);
  return { unit, run: completion.run, outcome: completion.outcome, already: false };
};
