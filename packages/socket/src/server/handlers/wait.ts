import { parseUnitId, quote, type UnitManager } from '@muster/unit';
import type { Result } from '../../protocol/methods.ts';
import type { CallSignal } from '../call-signal.ts';
import type { CheckedParams } from '../check-params.ts';
import type { Milestone } from '../coordination/milestone.ts';
import type { Startup } from '../coordination/startup.ts';
import { standingOf, WaitProgress } from '../coordination/wait-progress.ts';
import { RequestError } from '../request-error.ts';
import { cannotBecome, tookTooLong, unknownUnit } from '../unit-refusal.ts';
import type { Handler } from './handler.ts';
import { until } from './until.ts';
import { waiterOf } from './waiter-of.ts';
import { withTimeout } from './with-timeout.ts';

/** How many units an error of a wait names before it only counts the rest. */
const MAX_NAMED = 10;

type Params = CheckedParams<'sync.wait'>;

export const wait: Handler<'sync.wait'> = async (params, { units, names, call, now, startup, state, waits }) => {
  checkNames(params, units, names);
  const since = now();
  const waited = (): number => Math.round(now() - since);
  const onTimeout = (): RequestError => tookTooLong(describeUnmet(units, params, startup), { waitedMs: waited() });
  const progress = new WaitProgress(units, params);
  const unmet = (): string[] => progress.unitsThat('waiting');
  using _wait = waits.begin(waiterOf(params), { ...params, kind: 'wait', unmet });
  // Side by side: what has become impossible is told before the start scripts have ended.
  await withTimeout({ timeoutMs: params.timeoutMs, call, onTimeout }, (signal) =>
    Promise.all([
      untilMet(units, { params, progress }, signal),
      params.startup ? untilReached(startup.ended, signal) : null,
    ]),
  );
  return {
    units: params.units.map((unit) => describe(units, unit, params)),
    state: state(),
    failed: params.startup ? [...startup.failed()] : [],
    waitedMs: waited(),
  };
};

function checkNames({ units: wanted, startup, late }: Params, units: UnitManager, names: Iterable<string>): void {
  if (wanted.length === 0 && !startup) {
    const message = 'units must name a unit, or startup be true';
    throw RequestError.invalidParams('sync.wait', { field: 'units', message });
  }
  for (const unit of wanted) {
    if (units.find(parseUnitId(unit)) === null && !late) throw unknownUnit(unit, names);
  }
}

/** Resolves when enough of the units have come far enough. Rejects with `impossible` when they no longer can. */
function untilMet(
  units: UnitManager,
  { params, progress }: { params: Params; progress: WaitProgress },
  signal: CallSignal,
): Promise<void> {
  if (params.units.length === 0) return Promise.resolve();
  return until(signal, (resolve, reject) => {
    const check = (): void => {
      if (progress.standing === 'satisfied') resolve();
      if (progress.standing === 'impossible') reject(impossible(units, params, progress));
    };
    check();
    return units.subscribe(({ unit }) => {
      if (progress.update(unit)) check();
    });
  });
}

function untilReached(milestone: Milestone, signal: CallSignal): Promise<void> {
  return until(signal, (resolve) => milestone.onReached(resolve));
}

function impossible(units: UnitManager, params: Params, progress: WaitProgress): RequestError {
  const [unit = ''] = progress.unitsThat('impossible');
  const completion = units.find(unit)?.completion ?? null;
  if (completion === null) throw new Error('only the end of a run makes a wait impossible');
  return cannotBecome(unit, params.for, completion);
}

function describe(units: UnitManager, unit: string, params: Params): Result<'sync.wait'>['units'][number] {
  const { status = null, outcome = null } = units.find(unit) ?? {};
  return { unit, status, outcome, met: standingOf(units, unit, params.for) === 'satisfied' };
}

function describeUnmet(units: UnitManager, params: Params, startup: Startup): string {
  const unmet = params.units.filter((unit) => standingOf(units, unit, params.for) !== 'satisfied');
  if (unmet.length > 0) {
    return `waiting for ${params.any ? 'one' : 'each'} to have ${params.for}: ${describeStates(units, unmet)}`;
  }
  const pending = startup.pending();
  return `the start scripts have not all ended${pending.length === 0 ? '' : `: ${describeStates(units, pending)}`}`;
}

function describeStates(units: UnitManager, names: readonly string[]): string {
  const named = names.slice(0, MAX_NAMED).map((unit) => `${quote(unit)} is ${describeState(units, unit)}`);
  return `${named.join(', ')}${names.length > named.length ? ` and ${names.length - named.length} more` : ''}`;
}

function describeState(units: UnitManager, unit: string): string {
  const { status = null, outcome = null } = units.find(unit) ?? {};
  return (status === 'completed' ? outcome : status) ?? 'not registered';
}
