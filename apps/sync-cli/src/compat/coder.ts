import { Agent } from '../agent.ts';
import { authority } from '../authority.ts';
import { CliError } from '../errors.ts';
import type { Io } from '../io.ts';
import { quote } from '../render/names.ts';
import { explainByVersion } from '../version-handshake.ts';
import { CODER_COMMANDS, type CoderCommand } from './coder-commands.ts';
import { coderErrorText } from './coder-error.ts';
import type { DropInExitCode } from './drop-in.ts';
import { readArguments } from './read-arguments.ts';

const OPTIONS = {
  timeout: { type: 'string' },
  output: { type: 'string', short: 'o' },
  column: { type: 'string', short: 'c', multiple: true },
  // Names the socket of Coder's agent, which is not asked here.
  'socket-path': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `coder exp sync`, from the subcommand on. Never rejects. */
export async function coder(argv: readonly string[], io: Io): Promise<DropInExitCode> {
  // For errors in the options, after which the names can't be told from values for sure.
  let name = argv.find((each) => commandOf(each) !== undefined) ?? null;
  let names: readonly string[] = [];
  try {
    const { values, positionals } = readArguments('coder exp sync', argv, OPTIONS);
    [name = null, ...names] = positionals;
    const command = name === null ? undefined : findCommand(name);
    if (command === undefined || values.help) io.stdout.write(help(command));
    else await run(command, { names, values, io });
    return 0;
  } catch (error) {
    const command = name === null ? undefined : commandOf(name);
    const explained = await explainByVersion(error, { socket: undefined, io });
    io.stderr.write(coderErrorText(explained, { name, command, names, env: io.env }));
    return 1;
  }
}

interface Given {
  readonly names: readonly string[];
  readonly values: {
    readonly timeout?: string;
    readonly output?: string;
    readonly column?: readonly string[];
  };
  readonly io: Io;
}

async function run(command: CoderCommand, { names, values, io }: Given): Promise<void> {
  command.check(names);
  const json = wantsJson(values.output);
  const options = { socket: undefined, timeout: values.timeout, 'connect-timeout': undefined };
  await Agent.use({ options, io, defaultMs: command.limitMs }, (agent) =>
    command.run({
      ...{ agent, names, json, columns: values.column, right: authority(false, io.env) },
      io,
      print: (text) => io.stdout.write(text),
    }),
  );
}

function findCommand(name: string): CoderCommand {
  const command = commandOf(name);
  if (command === undefined) throw CliError.dropInUsage('coder exp sync', `unrecognized subcommand ${quote(name)}`);
  return command;
}

function commandOf(name: string): CoderCommand | undefined {
  return Object.hasOwn(CODER_COMMANDS, name) ? CODER_COMMANDS[name] : undefined;
}

function wantsJson(output = 'table'): boolean {
  if (output !== 'table' && output !== 'json')
    throw CliError.dropInUsage('coder exp sync', `unknown output format ${quote(output)}, use table or json`);
  return output === 'json';
}

function help(command: CoderCommand | undefined): string {
  const commands = command === undefined ? Object.values(CODER_COMMANDS) : [command];
  const lines = commands.map(({ usage, summary }) => `  coder exp sync ${usage}\n      ${summary}\n`);
  return `${lines.join('')}\nOptions: -o, --output table|json; -c, --column NAMES; --timeout TIME, as in 30s or 5m, 0 = none.\n${ORIGIN}`;
}

const ORIGIN = 'This is a front end of Muster. Its own command can do more: see "muster --help".\n';
