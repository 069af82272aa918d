import type { ClientError, RpcError } from '@muster/socket/client';
import type { Result } from '@muster/socket/protocol';
import type { CliError } from '../errors.ts';
import type { Io } from '../io.ts';

/** How a check ended: `unknown` where the system or a silent agent doesn't tell. */
export const FINDING_STATUSES = ['ok', 'warning', 'problem', 'unknown'] as const;
export type FindingStatus = (typeof FINDING_STATUSES)[number];

/** What a check has found. */
export interface Finding {
  readonly status: FindingStatus;
  /** One sentence, with its full stop. */
  readonly finding: string;
  /** What to do about it; `null` where there is nothing to do. */
  readonly remedy: string | null;
}

/** What the checks look at. */
export interface Surroundings {
  readonly env: Io['env'];
  /** The socket that a command with these options and variables uses; see `resolveSocketPath`. */
  readonly socket: { readonly path: string; readonly source: 'flag' | 'env' | 'runtime_dir' | 'cache_dir' };
  /** Where the agent of that socket keeps its state. */
  readonly stateDirectory: { readonly path: string; readonly isNamed: boolean };
  /** What came of asking the agent. */
  readonly contact: Contact;
  /** In milliseconds since the epoch. */
  readonly now: number;
}

/** The agent's answer to `ping`, or why there is none. */
export type Contact =
  | { readonly kind: 'answered'; readonly answer: Result<'ping'> }
  | { readonly kind: 'failed'; readonly error: CliError | ClientError | RpcError };

/** One question. It never changes anything, and never throws for what it finds. */
export interface Check {
  /** A stable word for programs. */
  readonly id: string;
  run(surroundings: Surroundings): Finding | Promise<Finding>;
}

/** The message of an error as a finding. */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/** All is well. */
export function ok(finding: string): Finding {
  return { status: 'ok', finding, remedy: null };
}

/** It works, but something is not as it should be. */
export function warning(finding: string, remedy: string): Finding {
  return { status: 'warning', finding, remedy };
}

/** It does not work, or is not safe. */
export function problem(finding: string, remedy: string): Finding {
  return { status: 'problem', finding, remedy };
}

/** Where there is no path, or the working directory would have to be looked at, because HOME is not set. */
export function noPath(): Finding {
  return unknown('There is no path to look at.');
}

/** There is no way to tell. */
export function unknown(finding: string, remedy: string | null = null): Finding {
  return { status: 'unknown', finding, remedy };
}
