import { startWhenReady, UnitError, type UnitManager } from '@muster/unit';
import type { Result } from '../../protocol/methods.ts';
import type { Call } from '../call.ts';
import type { CheckedParams } from '../check-params.ts';
import { timedOut } from '../unit-refusal.ts';
import { ensureRegistered } from './ensure-registered.ts';
import type { Caller, Handler } from './handler.ts';
import { WaitingNotes } from './waiting-notes.ts';

type Answer = Result<'sync.start'>;

/** Begins a run, once the unit may start. A started unit is left as it is. */
export const start: Handler<'sync.start'> = (params, { units, caller, call, now }) => {
  const { unit, wait } = params;
  ensureRegistered(units, unit);
  const began = beginning(units, unit);
  if (units.find(unit)?.status === 'started') return began.answer({ already: true, waitedMs: 0 });
  if (!wait || units.readiness(unit) !== 'waiting') {
    units.start(unit);
    return began.answer({ already: false, waitedMs: 0 });
  }
  const since = now();
  const waited = (): number => Math.round(now() - since);
  return waitAndStart({ params, units, caller, call, waited }).then((already) =>
    began.answer({ already, waitedMs: waited() }),
  );
};

interface Wait {
  readonly params: CheckedParams<'sync.start'>;
  readonly units: UnitManager;
  readonly caller: Caller;
  readonly call: Call;
  readonly waited: () => number;
}

/** @returns whether someone else has started it meanwhile. */
async function waitAndStart({ params, units, caller, call, waited }: Wait): Promise<boolean> {
  const { unit, timeoutMs, progress } = params;
  using _notes = progress ? new WaitingNotes({ units, unit, caller }) : null;
  const timer =
    timeoutMs > 0 ? setTimeout(() => call.abort(timedOut(notReady(units, unit), waited())), bounded(timeoutMs)) : null;
  try {
    await startWhenReady(units, unit, { signal: call.signal });
    return false;
  } catch (error) {
    if (error instanceof UnitError && error.code === 'already_started') return true;
    throw error;
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}

/** Which dependencies are met when the request comes, and the run when it is answered. */
function beginning(units: UnitManager, unit: string): { answer(how: Pick<Answer, 'already' | 'waitedMs'>): Answer } {
  const waitedFor: string[] = [];
  const satisfied: string[] = [];
  for (const dependency of units.dependencies(unit)) {
    (dependency.satisfied ? satisfied : waitedFor).push(dependency.dependsOn);
  }
  return { answer: (how) => ({ unit, run: units.find(unit)?.run ?? 0, waitedFor, satisfied, ...how }) };
}

/** The refusal that names what a waiting unit waits for. */
function notReady(units: UnitManager, unit: string): UnitError {
  const evaluation = units.evaluate(unit);
  const id = units.find(unit)?.unit;
  if (id === undefined || evaluation.readiness === 'runnable')
    throw new Error('a wait went on for a unit that is ready');
  return UnitError.notReady(id, evaluation.unmet);
}

/** Node fires a longer timer at once; this is 24 days. */
function bounded(ms: number): number {
  return Math.min(ms, 2 ** 31 - 1);
}
