import { ClientError, type RpcError as Refusal, RpcError } from '@muster/socket/client';
import type { WireErrorCode } from '@muster/socket/protocol';
import type { Io } from '../io.ts';
import { reportOf } from '../render/error.ts';
import { visible } from '../render/names.ts';
import { describeUnmet } from '../render/sentences.ts';
import type { CoderCommand } from './coder-commands.ts';

/** What `coder` says, in words that scripts may look for, where the agent has words of its own. */
const PHRASES: Partial<Record<WireErrorCode, string>> = {
  cycle: 'cycle detected',
  unknown_unit: 'unit not found',
  not_ready: 'unit not ready',
};

/** The words of the system for an errno, as Go prints them. */
const ERRNO_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ECONNREFUSED: 'connection refused',
  EACCES: 'permission denied',
};

/** Where an error happened. */
interface Failed {
  /** `null`: before it was clear which command it is. */
  readonly name: string | null;
  readonly command: CoderCommand | undefined;
  readonly names: readonly string[];
  readonly env: Io['env'];
}

/** An error in the shape that `coder` gives it, with what to do about it on a line of its own. */
export function coderErrorText(error: unknown, failed: Failed): string {
  const line = ['coder exp sync', ...(failed.name === null ? [] : [visible(failed.name)])].join(' ');
  const { hint } = reportOf(error, { socket: undefined, env: failed.env });
  return [
    `Encountered an error running "${line}", see "${line} --help" for more information`,
    `error: ${visible(messageOf(error, failed))}`,
    ...(hint === null ? [] : [`hint: ${visible(hint)}`]),
    '',
  ].join('\n');
}

function messageOf(error: unknown, { command, names, env }: Failed): string {
  const { code, message } = reportOf(error, { socket: undefined, env });
  if (error instanceof ClientError && code === 'agent_unreachable') return unreachable(error);
  if (code === 'usage' || command === undefined) return message;
  if (command.waits && (code === 'timed_out' || code === 'no_answer')) return timedOut(error, names);
  const phrase = error instanceof RpcError ? PHRASES[error.code] : undefined;
  return [command.failure, ...(phrase === undefined ? [] : [phrase]), message].join(': ');
}

function unreachable({ facts }: ClientError): string {
  const errno = facts.errno ?? '';
  return `connect to agent socket: connect to socket: dial unix ${facts.path}: connect: ${ERRNO_WORDS[errno] ?? errno}`;
}

function timedOut(error: unknown, [unit = '']: readonly string[]): string {
  const text = `timeout waiting for dependencies of unit '${unit}'`;
  const unmet = error instanceof RpcError ? unmetOf(error) : '';
  return unmet === '' ? text : `${text}: still unmet: ${unmet}`;
}

function unmetOf({ facts }: Refusal): string {
  return facts.unmet === undefined ? '' : describeUnmet(facts.unmet, facts.unmetTotal);
}
