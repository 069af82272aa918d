import { type CompletionReport, describeCompletion } from '@muster/unit';
import type { CheckedParams } from '../check-params.ts';
import { unknownUnit } from '../unit-refusal.ts';
import { isForced } from './authority.ts';
import { ensureRegistered } from './ensure-registered.ts';
import type { Handler } from './handler.ts';

type Params = CheckedParams<'sync.complete'>;

/**
 * Ends a run. A unit that has completed is left as it is, and so is that of a run that is being stopped; a name that nobody
 * has mentioned is refused.
 */
export const complete: Handler<'sync.complete'> = (params, context) => {
  const { units, names, ownership } = context;
  const { unit, token } = params;
  const found = units.find(unit);
  if (found === null) throw unknownUnit(unit, names);
  if (found.status === 'completed' && found.outcome !== null) {
    noteLateEnd(params, { ...context, run: found.run, outcome: found.outcome });
    return { unit, run: found.run, outcome: found.outcome, already: true, stopping: false };
  }
  const ending = token === undefined ? null : ownership.endingOf(unit, token);
  // No error: under set -e it would keep the trap that reports from cleaning up.
  if (ending !== null) return { unit, run: found.run, outcome: ending, already: false, stopping: true };
  const forced = isForced({ ownership }, params);
  ensureRegistered(units, unit);
  const completion = units.complete(unit, { ...reportOf(params), ...(forced ? { forced } : {}) });
  return { unit, run: completion.run, outcome: completion.outcome, already: false, stopping: false };
};

type Context = Parameters<Handler<'sync.complete'>>[1];
type Reported = Pick<Required<CompletionReport>, 'outcome'> & { readonly run: number };

/** Work may have been reported complete and gone on. What its holder tells of its end is noted, if it went wrong. */
function noteLateEnd(params: Params, { units, held, caller, run, outcome }: Context & Reported): void {
  const { unit } = params;
  if (params.outcome === 'succeeded' || params.outcome === outcome || !held.has(caller, { unit, run })) return;
  const end = describeCompletion({ run, at: 0, ...reportOf(params) });
  units.note(unit, `the work ${end} after its unit had been completed`);
}

function reportOf({ outcome, exitCode, signal, reason }: Params): CompletionReport & Pick<Reported, 'outcome'> {
  return {
    outcome,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    ...(reason === undefined ? {} : { reason }),
  };
}
