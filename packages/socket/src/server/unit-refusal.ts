import {
  type Completion,
  describeCompletion,
  describeUnmet,
  parseUnitId,
  quote,
  type Requirement,
  type SkipCause,
  type UnitError,
  type UnitErrorCode,
  type UnitErrorFacts,
} from '@muster/unit';
import type { WireErrorCode, WireErrorFacts } from '../protocol/error-codes.ts';
import type { Backend } from './handlers/handler.ts';
import { nearestNames } from './nearest-names.ts';
import { didYouMean, RequestError } from './request-error.ts';
import { toCauses, toUnmet } from './unit-view.ts';

/** How many names a hint has at the most. */
const MAX_NAMED = 10;

/** For how many of them a hint says what may have been meant. */
const MAX_COMPARED = 3;

/** With how many names each is compared: thousands of waits may time out together, and each hint is made by itself. */
const MAX_CANDIDATES = 300;

/** What each refusal of the unit manager is on the wire. */
const WIRE_CODE_OF = {
  invalid_unit_id: 'invalid_unit_id',
  invalid_requirement: 'invalid_params',
  invalid_outcome: 'invalid_params',
  unknown_unit: 'unknown_unit',
  already_registered: 'already_registered',
  already_started: 'already_started',
  already_completed: 'already_completed',
  cycle: 'cycle',
  not_ready: 'not_ready',
  impossible: 'impossible',
  // Only a history that is read back can be wrong so, and no request brings one.
  invalid_event: 'internal_error',
} as const satisfies Record<UnitErrorCode, WireErrorCode>;

/** What suggestions are made from. */
type Names = Pick<Backend, 'units' | 'names'>;

/** A refusal of the unit manager in the words of the wire, with what to do about it. */
export function refusalOfUnit(error: UnitError, backend: Names): RequestError {
  const code = WIRE_CODE_OF[error.code];
  if (code === 'unknown_unit') return unknownUnit(error.facts.unit ?? '', backend.names);
  const hint = hintOf(error, backend);
  return new RequestError(code, error.message, { facts: factsOf(error), ...(hint === null ? {} : { hint }) });
}

/** Nobody has mentioned the name, neither registered it nor named it as a dependency. */
export function unknownUnit(unit: string, names: Iterable<string>): RequestError {
  const nearest = nearestNames(unit, names);
  const hint = nearest.length > 0 ? didYouMean(nearest) : 'See all units with "muster list".';
  const message = `there is no unit ${quote(unit)}: nobody has registered it or named it as a dependency.`;
  return new RequestError('unknown_unit', message, { hint, facts: { unit, nearest } });
}

/** A wait that took longer than the request allowed; `unmet` is that of a `not_ready` refusal. */
export function timedOut(refusal: UnitError, waitedMs: number, backend: Names): RequestError {
  const { unit = '', unmet = [] } = refusal.facts;
  const message = `timed out after ${seconds(waitedMs)}: unit ${quote(unit)} still waits for ${describeUnmet(unmet)}.`;
  return new RequestError('timed_out', message, {
    hint: waitHint(refusal.facts, backend),
    facts: { ...factsOf(refusal), waitedMs },
  });
}

/** A wait for something else than a start; `state` completes `timed out after 5ms: …`. */
export function tookTooLong(state: string, facts: WireErrorFacts & { waitedMs: number }): RequestError {
  const message = `timed out after ${seconds(facts.waitedMs)}: ${state}.`;
  return new RequestError('timed_out', message, { hint: 'See what holds it up with "muster why".', facts });
}

/** A unit whose latest run ended so that it can't be what somebody waits for. */
export function cannotBecome(unit: string, requires: Requirement, completion: Completion): RequestError {
  const causes = toCauses({ dependsOn: parseUnitId(unit), requires, completion });
  return new RequestError('impossible', `unit ${quote(unit)} has not ${requires}: ${endClause(completion)}.`, {
    hint: `Look at ${quote(causes.at(-1)?.dependsOn ?? unit)} first: that is where the trouble began.`,
    facts: { unit, causes },
  });
}

/** How a run ended, behind a colon: `skipped: needs "db", …`, but `it was canceled`. */
export function endClause(completion: Completion): string {
  const end = describeCompletion(completion);
  return completion.outcome === 'canceled' ? `it ${end}` : end;
}

function factsOf({ facts: { unit, unmet, path, cause } }: UnitError): WireErrorFacts {
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(unmet === undefined ? {} : toUnmet(unmet)),
    ...(path === undefined ? {} : { path }),
    ...(cause === undefined ? {} : { causes: toCauses(cause) }),
  };
}

function hintOf({ code, facts }: UnitError, backend: Names): string | null {
  switch (code) {
    case 'not_ready':
      return waitHint(facts, backend);
    case 'impossible':
      return `Look at ${quote(rootOf(facts.cause))} first: that is where the trouble began.`;
    case 'cycle':
      return 'None of the dependencies of this request was added.';
    case 'invalid_unit_id':
    case 'invalid_requirement':
    case 'invalid_outcome':
    case 'unknown_unit':
    case 'already_registered':
    case 'already_started':
    case 'already_completed':
    case 'invalid_event':
      return null;
    default:
      return code satisfies never;
  }
}

/** A name that nobody registers is waited for in vain, and most often a slip. */
function waitHint({ unit, unmet = [] }: UnitErrorFacts, backend: Names): string {
  const look = 'See how far its dependencies are with "muster status UNIT".';
  const names = unmet.filter(({ status }) => status === null).map(({ dependsOn }) => dependsOn);
  if (names.length === 0) return look;
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  const shown = names.slice(0, MAX_NAMED).map(quote).join(', ');
  // What the unit depends on already was not meant once more, and itself never.
  const isInUse = new Set([unit, ...dependenciesOf(unit, backend)]);
  const meant = names.slice(0, MAX_COMPARED).flatMap((name) => {
    const nearest = nearestNames(name, candidates(backend)).filter(
      (each) => !isInUse.has(each) && isRegistered(each, backend),
    );
    if (nearest.length === 0) return [];
    return [`${nearest.map((each) => quote(each)).join(' or ')}${names.length > 1 ? ` for ${quote(name)}` : ''}`];
  });
  const question = meant.length === 0 ? 'is that the right name?' : `did you mean ${meant.join(', ')}?`;
  return `Nobody has registered ${shown}${more}: ${question} ${look}`;
}

function* candidates({ names }: Names): Generator<string> {
  let left = MAX_CANDIDATES;
  for (const name of names) {
    if (left === 0) return;
    left -= 1;
    yield name;
  }
}

function isRegistered(name: string, { units }: Names): boolean {
  return (units.find(name)?.status ?? null) !== null;
}

function dependenciesOf(unit: string | undefined, { units }: Names): readonly string[] {
  return unit === undefined ? [] : units.dependencies(unit).map(({ dependsOn }) => dependsOn);
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${ms}ms` : `${Math.round(ms / 100) / 10}s`;
}

function rootOf(cause: SkipCause | undefined): string {
  return cause === undefined ? '' : (toCauses(cause).at(-1)?.dependsOn ?? '');
}
