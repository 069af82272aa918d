import {
  type Completion,
  describeCompletion,
  parseUnitId,
  quote,
  type Requirement,
  type SkipCause,
  type UnitError,
  type UnitErrorCode,
} from '@muster/unit';
import type { WireErrorCode, WireErrorFacts } from '../protocol/error-codes.ts';
import { nearestNames } from './nearest-names.ts';
import { didYouMean, RequestError } from './request-error.ts';
import { toCauses, toDependencyInfo } from './unit-view.ts';

/** How many unmet dependencies an error shows; it counts the others. */
const MAX_UNMET = 100;

const TIMEOUT_HINT = 'Look at what it waits for with sync.why, or allow more time.';

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
  const hint = nearest.length > 0 ? didYouMean(nearest) : 'sync.list names all units.';
  const message = `there is no unit ${quote(unit)}: nobody has registered it or named it as a dependency.`;
  return new RequestError('unknown_unit', message, { hint, facts: { unit, nearest } });
}

/** A wait that took longer than the request allowed; `unmet` is that of a `not_ready` refusal. */
export function timedOut(refusal: UnitError, waitedMs: number): RequestError {
  const message = `${refusal.message.replace(/\.$/, '')}, and did so for ${waitedMs} ms.`;
  return new RequestError('timed_out', message, {
    hint: TIMEOUT_HINT,
    facts: { ...factsOf(refusal), waitedMs },
  });
}

/** A wait for something else than a start; `state` completes `after 5 ms still: …`. */
export function tookTooLong(state: string, facts: WireErrorFacts & { waitedMs: number }): RequestError {
  return new RequestError('timed_out', `after ${facts.waitedMs} ms still: ${state}.`, { hint: TIMEOUT_HINT, facts });
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
    ...(unmet === undefined
      ? {}
      : { unmet: unmet.slice(0, MAX_UNMET).map(toDependencyInfo), unmetTotal: unmet.length }),
    ...(path === undefined ? {} : { path }),
    ...(cause === undefined ? {} : { causes: toCauses(cause) }),
  };
}

function hintOf({ code, facts }: UnitError): string | null {
  switch (code) {
    case 'not_ready':
      return 'Leave out "wait": false to wait until it is ready, or see what it waits for with sync.status.';
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

function rootOf(cause: SkipCause | undefined): string {
  return cause === undefined ? '' : (toCauses(cause).at(-1)?.dependsOn ?? '');
}
