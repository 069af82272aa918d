import { type Calling, callCommand, reportingErrors } from './call-command.ts';
import type { Command } from './commands/command.ts';
import { COMMANDS } from './commands/table.ts';
import { findDropIn } from './compat/drop-in.ts';
import { CliError } from './errors.ts';
import type { Io } from './io.ts';
import { parseLine } from './parse-arguments.ts';
import { readOptions } from './read-options.ts';
import { commandHelp, OVERALL_OPTIONS, overallHelp } from './render/help.ts';
import { version } from './version.ts';

/** Does what any command line says: `runCli` without its short way for plain calls. Never rejects. @returns the exit code. */
export async function runAnyLine(argv: readonly string[], io: Io): Promise<number> {
  const dropIn = findDropIn(argv);
  if (dropIn !== null) return await dropIn(argv.slice(2), io);
  const calling = { line: parseLine(argv, COMMANDS), io };
  return await reportingErrors(calling, () => dispatch(calling));
}

async function dispatch(calling: Calling): Promise<number | undefined> {
  const { line, io } = calling;
  if (line.command === null) return withoutCommand(calling);
  if (line.command === 'help') return help(calling);
  const command = findCommand(line.command);
  if (line.options.some(({ name }) => name === 'help')) {
    io.stdout.write(commandHelp(command));
    return undefined;
  }
  return await callCommand(command, calling, COMMANDS);
}

function withoutCommand({ line, io }: Calling): undefined {
  const options = readOptions(line.options, OVERALL_OPTIONS, null);
  if (options.help) io.stdout.write(overallHelp(COMMANDS));
  else if (options.version) io.stdout.write(`muster ${version()}\n`);
  else throw CliError.noCommand();
}

/** `muster help` and `muster help COMMAND`, for those who try it first. */
function help({ line, io }: Calling): undefined {
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
