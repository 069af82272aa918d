import type { ClientErrorCode } from '@muster/socket/client';
import type { WireErrorCode } from '@muster/socket/protocol';
import type { CliErrorCode } from './errors.ts';

/**
 * Every exit code of `muster`, so that a shell script can branch on it. 3 and 4 are those of LSB init scripts, 69 to 76
 * those of sysexits.h, 124 that of coreutils timeout, 126 and 127 those of the shells. 1 is for a command whose unit failed,
 * and for problems that the doctor found. `run` and `lock` exit with the code of the command that they run, once it runs.
 */
export const EXIT_CODES = {
  done: 0,
  unitFailed: 1,
  usage: 2,
  notInThatState: 3,
  noSuchUnit: 4,
  neverMet: 5,
  unreachable: 69,
  internal: 70,
  output: 74,
  temporary: 75,
  protocol: 76,
  timedOut: 124,
  notExecutable: 126,
  notFound: 127,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** What each exit code means, in the words of the help and of docs/command.md. */
export const EXIT_CODE_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'done, also when there was nothing left to do',
  1: 'the unit that was held failed, or a start script did (start --hold, wait --all), or the doctor found a problem',
  2: 'the command line is wrong',
  3: 'the unit is not in that state, not ready, or of another owner',
  4: 'no such unit',
  5: 'can never be met: a dependency failed, or a circle',
  69: 'the agent is unreachable',
  70: 'an error inside muster or the agent',
  74: 'the output could not be written, or a log could not be read',
  75: 'temporary trouble: try again',
  76: 'the other side does not speak this protocol',
  124: 'timed out',
  126: 'the command of run or lock can not be executed',
  127: 'the command of run or lock was not found',
};

/** Any word that names an error: the command's own, the client's, or the agent's. */
export type ErrorCode = CliErrorCode | ClientErrorCode | WireErrorCode;

/** The one table from the word of an error to the exit code. */
export const EXIT_CODE_OF = {
  // The command's own.
  usage: EXIT_CODES.usage,
  no_answer: EXIT_CODES.timedOut,
  agent_gone: EXIT_CODES.unreachable,
  version_mismatch: EXIT_CODES.protocol,
  unsupported_platform: EXIT_CODES.unreachable,
  output_failed: EXIT_CODES.output,
  log_unreadable: EXIT_CODES.output,
  command_not_executable: EXIT_CODES.notExecutable,
  command_not_found: EXIT_CODES.notFound,
  bug: EXIT_CODES.internal,
  // The client's.
  path_invalid: EXIT_CODES.usage,
  path_too_long: EXIT_CODES.usage,
  agent_unreachable: EXIT_CODES.unreachable,
  connection_lost: EXIT_CODES.unreachable,
  protocol_violation: EXIT_CODES.protocol,
  canceled: EXIT_CODES.temporary,
  // The agent's.
  parse_error: EXIT_CODES.protocol,
  invalid_request: EXIT_CODES.protocol,
  unknown_method: EXIT_CODES.protocol,
  invalid_params: EXIT_CODES.usage,
  internal_error: EXIT_CODES.internal,
  invalid_unit_id: EXIT_CODES.usage,
  unknown_unit: EXIT_CODES.noSuchUnit,
  cycle: EXIT_CODES.neverMet,
  not_ready: EXIT_CODES.notInThatState,
  impossible: EXIT_CODES.neverMet,
  timed_out: EXIT_CODES.timedOut,
  already_registered: EXIT_CODES.notInThatState,
  already_started: EXIT_CODES.notInThatState,
  already_completed: EXIT_CODES.notInThatState,
  not_owner: EXIT_CODES.notInThatState,
  unsupported_protocol: EXIT_CODES.protocol,
  not_started: EXIT_CODES.notInThatState,
  no_log: EXIT_CODES.notInThatState,
  frame_too_large: EXIT_CODES.usage,
  frame_timed_out: EXIT_CODES.temporary,
  too_many_requests: EXIT_CODES.temporary,
  too_many_connections: EXIT_CODES.temporary,
  shutting_down: EXIT_CODES.temporary,
} as const satisfies Record<ErrorCode, ExitCode>;
