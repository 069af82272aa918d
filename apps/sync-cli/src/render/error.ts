import { ClientError, RpcError, resolveSocketPath, type SocketPathSource } from '@muster/socket/client';
import { CliError } from '../errors.ts';
import { type ErrorCode, EXIT_CODE_OF, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { type Advice, adviceOf } from './advice.ts';
import type { Palette } from './color.ts';
import { toJson } from './json.ts';
import { visible } from './names.ts';

/** An error as the command reports it. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  /** What to do about it; `null` where the message says all there is. */
  readonly hint: string | null;
  readonly exitCode: ExitCode;
}

/** Anything thrown, as a report. @param socket The `--socket` of the command. */
export function reportOf(
  thrown: unknown,
  from: { readonly socket: string | undefined; readonly env: Io['env'] },
): ErrorReport {
  const error = isKnown(thrown) ? thrown : CliError.bug(thrown);
  return { code: error.code, exitCode: EXIT_CODE_OF[error.code], ...wordsOf(error, from) };
}

function wordsOf(error: CliError | ClientError | RpcError, from: Parameters<typeof reportOf>[1]): Advice {
  if (error instanceof RpcError) return adviceOf(error);
  const { message, hint } = error;
  return { message, hint: error.code === 'agent_unreachable' ? `${pathReason(from)} ${hint}` : hint };
}

/** A report as people read it: what happened, then what to do. */
export function errorText({ message, hint }: ErrorReport, colors: Palette): string {
  const lines = [`${colors.bad('error:')} ${visible(message)}`];
  if (hint !== null) lines.push(`${colors.strong('hint:')} ${visible(hint)}`);
  return `${lines.join('\n')}\n`;
}

/** A report as programs read it, on one line. */
export function errorJson({ code, message, hint }: ErrorReport): string {
  return `${toJson({ error: { code, message, hint } }, 0)}\n`;
}

const PATH_REASONS: Readonly<Record<SocketPathSource, string>> = {
  flag: 'That is the path of --socket.',
  env: 'That is the path of MUSTER_SOCKET.',
  runtime_dir: 'That is the default path, under XDG_RUNTIME_DIR.',
  cache_dir: 'That is the default path without an XDG_RUNTIME_DIR of this user.',
};

function pathReason({ socket, env }: { readonly socket: string | undefined; readonly env: Io['env'] }): string {
  return PATH_REASONS[resolveSocketPath({ flag: socket, env }).source];
}

function isKnown(thrown: unknown): thrown is CliError | ClientError | RpcError {
  return thrown instanceof CliError || thrown instanceof ClientError || thrown instanceof RpcError;
}
