import type { Io } from '../io.ts';
import { coder } from './coder.ts';
import { gp } from './gp.ts';

/** How a drop-in command ends: like the programs that it stands in for, with 0 or 1. */
export type DropInExitCode = 0 | 1;

/** One program that `muster` stands in for. Never rejects. @param argv The arguments that name what to do. */
export type DropIn = (argv: readonly string[], io: Io) => Promise<DropInExitCode>;

const DROP_INS: Readonly<Record<string, DropIn>> = { coder, gp };

/**
 * The program that a command line asks for with `compat PROGRAM`, or `null` where it is one of muster's own commands. Their
 * arguments follow the rules of those programs, so they are not read as muster's are.
 */
export function findDropIn([command, program = '']: readonly string[]): DropIn | null {
  return command === 'compat' && Object.hasOwn(DROP_INS, program) ? (DROP_INS[program] ?? null) : null;
}
