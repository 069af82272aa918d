import type { RpcError } from '@muster/socket/client';
import type { WireErrorCode } from '@muster/socket/protocol';

/** What a refusal of the agent means to someone at a shell. */
export interface Advice {
  readonly message: string;
  readonly hint: string | null;
}

/** The agent's refusal. Its words stay; where an option of the command helps, or it speaks of the protocol, ours join. */
export function adviceOf({ code, message, hint }: RpcError): Advice {
  const option = OPTION_THAT_HELPS[code];
  if (option !== undefined) return { message, hint: hint === null ? option : `${hint} ${option}` };
  return { message, hint: HINT_INSTEAD[code] ?? hint };
}

const OPTION_THAT_HELPS: Partial<Record<WireErrorCode, string>> = {
  timed_out: 'Or allow more time with --timeout (0 = no limit).',
  not_owner: 'Or insist with --force, which is recorded.',
  not_ready: 'Or leave out --no-wait, to wait for it.',
};

const OTHER_VERSION = 'The agent has another version than this command: compare "muster ping" with "muster --version".';

const HINT_INSTEAD: Partial<Record<WireErrorCode, string>> = {
  invalid_params: 'See what the command takes with --help.',
  frame_too_large: 'Declare fewer dependencies in one command.',
  internal_error: 'The log of the agent tells more.',
  parse_error: OTHER_VERSION,
  invalid_request: OTHER_VERSION,
  unknown_method: OTHER_VERSION,
};
