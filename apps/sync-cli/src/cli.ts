import type { Command } from './commands/command.ts';
import { COMMANDS } from './commands/table.ts';
import { findDropIn } from './compat/drop-in.ts';
import { CliError } from './errors.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Io } from './io.ts';
import { type ParsedLine, parseLine, readOptions } from './parse-arguments.ts';
import { palette, wantsColor } from './render/color.ts';
import { type ErrorReport, errorJson, errorText, reportOf } from './render/error.ts';
import { commandHelp, OVERALL_OPTIONS, overallHelp } from './render/help.ts';
import { version } from './version.ts';
import { explainByVersion } from './version-handshake.ts';

/**
 * Does what a command line says, and reports what goes wrong on stderr. Never rejects.
 *
 * @param argv The arguments after `muster`.
 * @returns The exit code: one of EXIT_CODES, or that of a command that was run.
 */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const dropIn = findDropIn(argv);
  if (dropIn !== null) return await dropIn(argv.slice(2), io);
  const line = parseLine(argv, COMMANDS);
  try {
    return (await dispatch(line, io)) ?? EXIT_CODES.done;
  } catch (thrown) {
    const error = await explainByVersion(thrown, { socket: lastValue(line, 'socket'), io });
    const report = reportOf(error, { socket: lastValue(line, 'socket'), env: io.env });
    printError(report, line, io);
    return report.exitCode;
  }
}

async function dispatch(line: ParsedLine, io: Io): Promise<number | undefined> {
  if (line.command === null) return withoutCommand(line, io);
  if (line.command === 'help') return help(line, io);
  const command = findCommand(line.command);
  if (line.options.some(({ name }) => name === 'help')) {
    io.stdout.write(commandHelp(command));
    return undefined;
  }
  const { names, wrapped } = splitArguments(command, line);
  const options = readOptions(line.options, command.options, command.name);
  const exitCode = await command.run({ names, wrapped, options, io, commands: COMMANDS });
  return exitCode ?? undefined;
}

/** Before the options are read: without `--`, those of the command to run would be taken for ours, and refused. */
function splitArguments(command: Command, { names, afterDashes }: ParsedLine) {
  if (!command.wraps) return { names: [...names, ...(afterDashes ?? [])], wrapped: [] };
  if (afterDashes === null || afterDashes.length === 0) throw CliError.missingCommand(command.name, command.usage[0]);
  return { names, wrapped: afterDashes };
}

function withoutCommand(line: ParsedLine, io: Io): undefined {
  const options = readOptions(line.options, OVERALL_OPTIONS, null);
  if (options.help) io.stdout.write(overallHelp(COMMANDS));
  else if (options.version) io.stdout.write(`muster ${version()}\n`);
  else throw CliError.noCommand();
}

/** `muster help` and `muster help COMMAND`, for those who try it first. */
function help(line: ParsedLine, io: Io): undefined {
  const [name] = line.names;
  io.stdout.write(name === undefined ? overallHelp(COMMANDS) : commandHelp(findCommand(name)));
}

function findCommand(name: string): Command {
  const command = COMMANDS.find((each) => each.name === name);
  if (command !== undefined) return command;
  throw CliError.unknownCommand(
    name,
    COMMANDS.filter(({ hidden }) => !hidden).map((each) => each.name),
  );
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
