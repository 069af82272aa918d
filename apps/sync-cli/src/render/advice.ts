import type { RpcError } from '@muster/socket/client';
import { formatDuration } from '../duration.ts';
import { listNames, quote } from './names.ts';
import { describeUnmet } from './sentences.ts';

/** What a refusal of the agent means to someone at a shell: the agent speaks of methods, a person runs commands. */
export interface Advice {
  readonly message: string;
  readonly hint: string | null;
}

/** The agent's refusal in the words of the command. Where the agent's own words fit, they stay. */
export function adviceOf({ code, message, hint, facts }: RpcError): Advice {
  switch (code) {
    case 'timed_out':
      return {
        message: timedOut(message, facts),
        hint: `${unregistered(facts)}${facts.unmet === undefined ? WHY : LOOK} Or allow more time with --timeout (0 = no limit).`,
      };
    case 'not_owner':
      return { message, hint: 'Report it from inside that script, or insist with --force, which is recorded.' };
    case 'not_ready':
      return { message, hint: `${unregistered(facts)}${LOOK} Or leave out --no-wait, to wait for it.` };
    case 'unknown_unit':
      return {
        message,
        hint: facts.nearest !== undefined && facts.nearest.length > 0 ? hint : 'See all units with "muster list".',
      };
    case 'invalid_params':
      return { message, hint: 'See what the command takes with --help.' };
    case 'frame_too_large':
      return { message, hint: 'Declare fewer dependencies in one command.' };
    case 'internal_error':
      return { message, hint: hint ?? 'The log of the agent tells more.' };
    case 'parse_error':
    case 'invalid_request':
    case 'unknown_method':
      return {
        message,
        hint: 'The agent has another version than this command: compare "muster ping" with "muster --version".',
      };
    default:
      return { message, hint };
  }
}

const WHY = 'See what holds it up with "muster why".';
const LOOK = 'See how far its dependencies are with "muster status UNIT".';

function timedOut(message: string, { unit, unmet, unmetTotal, waitedMs }: RpcError['facts']): string {
  if (unit === undefined || unmet === undefined || waitedMs === undefined) return message;
  return `timed out after ${formatDuration(waitedMs)}: unit ${quote(unit)} still waits for ${describeUnmet(unmet, unmetTotal)}.`;
}

function unregistered({ unmet = [] }: RpcError['facts']): string {
  const names = unmet.filter(({ status }) => status === null).map(({ dependsOn }) => dependsOn);
  return names.length === 0 ? '' : `Nobody has registered ${listNames(names)}: is that the right name? `;
}
