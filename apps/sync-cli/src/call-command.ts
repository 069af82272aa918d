import type { Command } from './commands/command.ts';
import { CliError } from './errors.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { ParsedLine } from './parsed-line.ts';
import { readOptions } from './read-options.ts';
import { palette, wantsColor } from './render/color.ts';
import { type ErrorReport, errorJson, errorText, reportOf } from './render/error.ts';
import { explainByVersion } from './version-handshake.ts';

/** A command line, and the world around it. */
export interface Calling {
  readonly line: ParsedLine;
  readonly io: Io;
}

/**
 * Carries out a command. @param commands Those that it may show or complete.
 *
 * @returns the exit code where that is another than 0.
 * @throws CliError, ClientError and RpcError, as {@link reportingErrors} expects.
 */
export async function callCommand(
  command: Command,
  { line, io }: Calling,
  commands: readonly Command[],
): Promise<number | undefined> {
  const { names, wrapped } = splitArguments(command, line);
  const options = readOptions(line.options, command.options, command.name);
  const exitCode = await command.run({ names, wrapped, options, io, commands });
  return exitCode ?? undefined;
}

/** Before the options are read: without `--`, those of the command to run would be taken for ours, and refused. */
function splitArguments(command: Command, { names, afterDashes }: ParsedLine) {
  if (!command.wraps) return { names: [...names, ...(afterDashes ?? [])], wrapped: [] };
  if (afterDashes === null || afterDashes.length === 0) throw CliError.missingCommand(command.name, command.usage[0]);
  return { names, wrapped: afterDashes };
}

/** Does `work`, and says on stderr what goes wrong, in the form that the line asks for. Never rejects. @returns the exit code. */
export async function reportingErrors({ line, io }: Calling, work: () => Promise<number | undefined>): Promise<number> {
  try {
    return (await work()) ?? EXIT_CODES.done;
  } catch (thrown) {
    const socket = lastValue(line, 'socket');
    const error = await explainByVersion(thrown, { socket, io });
    const report = reportOf(error, { socket, env: io.env });
    printError(report, line, io);
    return report.exitCode;
  }
}

/** The options may be what is wrong, so they are looked at leniently here. */
function printError(report: ErrorReport, line: ParsedLine, io: Io): void {
  if (line.options.some(({ name }) => name === 'json')) {
    io.stderr.write(errorJson(report));
    return;
  }
  const color = lastValue(line, 'color');
  const choice = color === 'always' || color === 'never' ? color : 'auto';
  io.stderr.write(errorText(report, palette(wantsColor(choice, io.env, io.stderr.isTTY))));
}

function lastValue(line: ParsedLine, option: string): string | undefined {
  return line.options.findLast(({ name }) => name === option)?.value;
}
