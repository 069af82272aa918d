import { callCommand, reportingErrors } from './call-command.ts';
import { FREQUENT } from './frequent-commands.ts';
import type { Io } from './io.ts';
import { plainCall } from './plain-call.ts';

/**
 * Does what a command line says, and reports what goes wrong on stderr. Never rejects.
 *
 * @param argv The arguments after `muster`.
 * @returns The exit code: one of EXIT_CODES, or that of a command that was run.
 */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const plain = plainCall(argv, FREQUENT);
  if (plain !== null) {
    const calling = { line: plain.line, io };
    return await reportingErrors(calling, () => callCommand(plain.command, calling, FREQUENT));
  }
  const { runAnyLine } = await import('./every-command.ts');
  return await runAnyLine(argv, io);
}
