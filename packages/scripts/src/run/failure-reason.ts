import { constants } from 'node:os';
import { quote } from '@muster/unit';

// Every sentence about a run that could not go as planned is composed here. None may hold script text or environment
// values: Node puts both into its own messages, so only the code of a system error is ever passed on.

/** Something that must be there before the process can be spawned was not. */
export class PreparationFailure extends Error {
  override readonly name = 'PreparationFailure';
}

/** The code of a system error, or `unknown error`. Never its message. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
}

/** What to say of `error` when `what` was tried on `path`. */
export function cannot(what: string, path: string, error: unknown): PreparationFailure {
  return new PreparationFailure(
    `cannot ${what} ${quote(path)} (${error instanceof PreparationFailure ? error.message : errorCode(error)})`,
  );
}

const SPAWN_HINTS: Readonly<Record<string, string>> = {
  E2BIG: 'its environment is too large',
  EAGAIN: 'the limit of processes is reached',
  EMFILE: 'the limit of open files is reached',
  ENFILE: 'the machine has too many open files',
  ENOMEM: 'there is not enough memory',
  ENOENT: '/bin/sh or the working directory is missing',
  EACCES: 'no permission to run /bin/sh or to enter the working directory',
  ERR_INVALID_ARG_VALUE: 'its environment or its paths contain a NUL character',
};

/** Why a process could not be spawned. */
export function cannotSpawn(code: string): string {
  const hint = SPAWN_HINTS[code];
  return hint === undefined ? `cannot start a process (${code})` : `cannot start a process: ${hint} (${code})`;
}

// Some signals have two names; the first is the usual one: SIGABRT, not SIGIOT.
const SIGNAL_NAMES = new Map(
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name]),
);

/** `SIGTERM` for 15; `signal 40` for those without a name. */
export function signalName(number: number): string {
  return SIGNAL_NAMES.get(number) ?? `signal ${number}`;
}
