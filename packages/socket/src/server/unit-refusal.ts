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
import { nearestNames } from './nearest-names.ts';
import { didYouMean, RequestError } from './request-error.ts';
import { toCauses, toUnmet } from './unit-view.ts';

/** How many names a hint has at the most. */
const MAX_NAMED = 10;

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

/** A refusal of the unit manager in the words of the wire, with what to do about it. */
export function refusalOfUnit(error: UnitError, names: Iterable<string>): RequestError {
  const code = WIRE_CODE_OF[error.code];
  if (code === 'unknown_unit') return unknownUnit(error.facts.unit ?? '', names);
  const hint = hintOf(error);
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
export function timedOut(refusal: UnitError, waitedMs: number): RequestError {
  const { unit = '', unmet = [] } = refusal.facts;
  const message = `timed out after ${seconds(waitedMs)}: unit ${quote(unit)} still waits for ${describeUnmet(unmet)}.`;
  return new RequestError('timed_out', message, {
    hint: waitHint(refusal.facts),
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
  return new RequestError('impossible', `unit ${quote(unit)} has not ${requires}: ${describeCompletion(completion)}.`, {
    hint: `Look at ${quote(causes.at(-1)?.dependsOn ?? unit)} first: that is where the trouble began.`,
    facts: { unit, causes },
  });
}

function factsOf({ facts: { unit, unmet, path, cause } }: UnitError): WireErrorFacts {
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(unmet === undefined ? {} : toUnmet(unmet)),
    ...(path === undefined ? {} : { path }),
    ...(cause === undefined ? {} : { causes: toCauses(cause) }),
  };
}

function hintOf({ code, facts }: UnitError): string | null {
  switch (code) {
    case 'not_ready':
      return waitHint(facts);
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
function waitHint({ unmet = [] }: UnitErrorFacts): string {
  const look = 'See how far its dependencies are with "muster status UNIT".';
  const names = unmet.filter(({ status }) => status === null).map(({ dependsOn }) => quote(dependsOn));
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  if (names.length === 0) return look;
  return `Nobody has registered ${names.slice(0, MAX_NAMED).join(', ')}${more}: is that the right name? ${look}`;
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${ms}ms` : `${Math.round(ms / 100) / 10}s`;
}

function rootOf(cause: SkipCause | undefined): string {
  return cause === undefined ? '' : (toCauses(cause).at(-1)?.dependsOn ?? '');
}
