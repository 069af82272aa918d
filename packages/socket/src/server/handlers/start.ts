import { type StartOptions, startWhenReady, UnitError, type UnitManager } from '@muster/unit';
import type { Result } from '../../protocol/methods.ts';
import type { CheckedParams } from '../check-params.ts';
import { RequestError } from '../request-error.ts';
import { timedOut } from '../unit-refusal.ts';
import { isForced } from './authority.ts';
import { declarationsOf, declare } from './declare.ts';
import type { Handler } from './handler.ts';
import { ownersOf, type RunOwners } from './run-owners.ts';
import { waiterOf } from './waiter-of.ts';
import { WaitingNotes } from './waiting-notes.ts';
import { withTimeout } from './with-timeout.ts';

type Answer = Result<'sync.start'>;

/** Begins a run, once the unit may start. A started unit is left as it is. */
export const start: Handler<'sync.start'> = (params, context) => {
  const { units, now } = context;
  const { unit, wait } = params;
  if (units.find(unit)?.status === 'started') {
    declare(units, unit, declarationsOf(params));
    return beginning(units, unit).answer({ run: runOf(units, unit), already: true, waitedMs: 0 });
  }
  const forced = isForced(context, params);
  const owners = ownersOf(params, context);
  declare(units, unit, declarationsOf(params));
  const began = beginning(units, unit);
  if (!wait || units.readiness(unit) !== 'waiting') {
    const run = units.start(unit, startOptions(owners));
    bind({ ...context, params, unit, run, owners, forced });
    return began.answer({ run, already: false, waitedMs: 0 });
  }
  const since = now();
  const waited = (): number => Math.round(now() - since);
  return waitAndStart({ ...context, params, waited, owners }).then(
    (run) => {
      bind({ ...context, params, unit, run, owners, forced });
      return began.answer({ run, already: false, waitedMs: waited() });
    },
    (error) => {
      if (!(error instanceof UnitError) || error.code !== 'already_started') throw error;
      return began.answer({ run: runOf(units, unit), already: true, waitedMs: waited() });
    },
  );
};

type Context = Parameters<Handler<'sync.start'>>[1];

interface Binding extends Context {
  readonly params: CheckedParams<'sync.start'>;
  readonly unit: string;
  readonly run: number;
  readonly owners: RunOwners;
  readonly forced: boolean;
}

/** From now on the run fails if its owner goes. Also remembers that it began by force. */
function bind({ units, leases, held, waits, caller, params, unit, run, owners, forced }: Binding): void {
  if (forced) units.note(unit, 'started by force, not by its script');
  if (owners.isHeld) held.add(caller, { unit, run });
  for (const owner of owners.owners) leases.grant({ unit, run }, owner);
  if (!params.hold || params.within === undefined) return;
  // The work of the other run goes on when this one has ended.
  leases.untilEnd({ unit, run }, waits.begin({ ...waiterOf(params), timeoutMs: 0 }, { kind: 'run', unit }));
}

interface Wait extends Context {
  readonly params: CheckedParams<'sync.start'>;
  readonly owners: RunOwners;
  readonly waited: () => number;
}

/** @returns the run. Rejects with `already_started` if someone else has started it meanwhile. */
function waitAndStart(context: Wait): Promise<number> {
  const { params, units, caller, call, processes, waits, waited, owners } = context;
  const { unit, timeoutMs, progress } = params;
  const { process } = owners;
  const companions = [waits.begin(waiterOf(params), { kind: 'start', unit })];
  if (progress) companions.push(new WaitingNotes({ units, unit, caller }));
  if (process !== null)
    companions.push(processes.watch(process, () => call.abort(RequestError.processEnded(process.pid))));
  const onTimeout = (): RequestError => timedOut(notReady(units, unit), waited(), context);
  const started = withTimeout({ timeoutMs, call, onTimeout }, (signal) =>
    startWhenReady(units, unit, { ...startOptions(owners), signal }),
  );
  return started.finally(() => {
    for (const companion of companions) companion[Symbol.dispose]();
  });
}

function startOptions({ description }: RunOwners): StartOptions {
  return description === undefined ? {} : { owner: description };
}

function runOf(units: UnitManager, unit: string): number {
  return units.find(unit)?.run ?? 0;
}

/** Which dependencies are met when the request comes. */
function beginning(
  units: UnitManager,
  unit: string,
): { answer(how: Omit<Answer, 'unit' | 'waitedFor' | 'satisfied'>): Answer } {
  const waitedFor: string[] = [];
  const satisfied: string[] = [];
  for (const dependency of units.dependencies(unit)) {
    (dependency.satisfied ? satisfied : waitedFor).push(dependency.dependsOn);
  }
  return { answer: (how) => ({ unit, ...how, waitedFor, satisfied }) };
}

/** The refusal that names what a waiting unit waits for. */
function notReady(units: UnitManager, unit: string): UnitError {
  const evaluation = units.evaluate(unit);
  const id = units.find(unit)?.unit;
  if (id === undefined || evaluation.readiness === 'runnable')
    throw new Error('a wait went on for a unit that is ready');
  return UnitError.notReady(id, evaluation.unmet);
}
