import { parseArgs } from 'node:util';
import { quote } from '@muster/unit';
import { AgentError } from '../agent-error.ts';
import { didYouMean } from '../did-you-mean.ts';
import { parseDuration } from '../duration.ts';
import {
  COMMON_OPTIONS,
  type CommandName,
  LOG_FORMATS,
  LOG_LEVELS,
  type LogFormat,
  type LogLevel,
  OPTIONS,
  type OptionHelp,
} from './options.ts';

/** What `muster-agent run` was asked for. Absent options have no default here: some depend on the environment. */
export interface RunRequest {
  readonly command: 'run';
  readonly file: string;
  readonly socket: string | undefined;
  readonly stateDir: string | undefined;
  readonly logFormat: LogFormat | undefined;
  readonly logLevel: LogLevel;
  /** In milliseconds; 0 is for ever. */
  readonly stopTimeoutMs: number;
}

/** What the command line asks for. */
export type Request =
  | { readonly command: 'help' | 'version' | 'schema' }
  | { readonly command: 'check'; readonly file: string; readonly json: boolean }
  | RunRequest;

const DEFAULT_STOP_TIMEOUT_MS = 60_000;

/** @throws AgentError `usage`, with the nearest option or command that there is. */
export function parseCommandLine(args: readonly string[]): Request {
  const { values, words } = split(args);
  if (values.has('help')) return { command: 'help' };
  if (values.has('version')) return { command: 'version' };
  const [name, ...operands] = words;
  if (name === undefined) throw usage('no command was given', 'Say what to do, as in: muster-agent run workspace.yaml');
  if (!isCommand(name)) throw unknownCommand(name);
  checkOptions(name, values);
  if (name === 'schema') return schemaRequest(operands);
  const file = onlyFile(name, operands);
  return name === 'check' ? { command: 'check', file, json: values.has('json') } : runRequest(file, values);
}

type Values = ReadonlyMap<string, string | true>;

/** Options and words, in any order. What an option means is decided later, when the command is known. */
function split(args: readonly string[]): { values: Values; words: string[] } {
  const options = Object.fromEntries(
    Object.entries(everyOption()).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...options, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'V' } },
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string | true>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind === 'option') values.set(token.name, checkedValue(token.name, token.rawName, token.value));
  }
  return { values, words };
}

function checkedValue(name: string, written: string, value: string | undefined): string | true {
  const known = everyOption();
  const option = Object.hasOwn(known, name) ? known[name] : undefined;
  if (option === undefined) {
    const names = Object.keys(known).map((each) => `--${each}`);
    throw usage(`there is no option ${quote(written)}`, didYouMean(written, names, `Options: ${names.join(', ')}.`));
  }
  if (option.value === undefined && value !== undefined)
    throw usage(`--${name} takes no value`, `Write it alone: --${name}`);
  if (option.value !== undefined && (value === undefined || value === '')) {
    throw usage(`--${name} needs a value`, `Write it as in: --${name} ${option.value}`);
  }
  return value ?? true;
}

function everyOption(): Readonly<Record<string, OptionHelp>> {
  return { ...OPTIONS.run, ...OPTIONS.check, ...COMMON_OPTIONS };
}

function checkOptions(command: CommandName, values: Values): void {
  for (const name of values.keys()) {
    if (Object.hasOwn(OPTIONS[command], name)) continue;
    throw usage(
      `muster-agent ${command} has no option --${name}`,
      'muster-agent --help lists the options of each command.',
    );
  }
}

function schemaRequest(operands: readonly string[]): Request {
  if (operands.length > 0) throw usage('muster-agent schema takes no file', 'Write it alone: muster-agent schema');
  return { command: 'schema' };
}

function onlyFile(command: CommandName, operands: readonly string[]): string {
  const [file, extra] = operands;
  const example = `Name one, as in: muster-agent ${command} workspace.yaml`;
  if (file === undefined || file === '') throw usage('the manifest file is missing', example);
  if (extra !== undefined) throw usage(`there is one manifest at the most, but ${quote(extra)} follows`, example);
  return file;
}

function runRequest(file: string, values: Values): RunRequest {
  return {
    command: 'run',
    file,
    socket: text(values, 'socket'),
    stateDir: text(values, 'state-dir'),
    logFormat: choice(values, 'log-format', LOG_FORMATS),
    logLevel: choice(values, 'log-level', LOG_LEVELS) ?? 'info',
    stopTimeoutMs: duration(values, 'stop-timeout') ?? DEFAULT_STOP_TIMEOUT_MS,
  };
}

function text(values: Values, name: string): string | undefined {
  const value = values.get(name);
  return value === true ? undefined : value;
}

function choice<T extends string>(values: Values, name: string, choices: readonly T[]): T | undefined {
  const value = text(values, name);
  const chosen = choices.find((each) => each === value);
  if (value === undefined || chosen !== undefined) return chosen;
  throw usage(`--${name} can't be ${quote(value)}`, didYouMean(value, choices, `Use ${choices.join(' or ')}.`));
}

function duration(values: Values, name: string): number | undefined {
  const value = text(values, name);
  if (value === undefined) return undefined;
  const ms = parseDuration(value);
  if (ms === null)
    throw usage(
      `--${name} can't be ${quote(value)}: that is no duration`,
      'Write it as in 30s, 5m or 1h30m; 0 is for ever.',
    );
  return ms;
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(OPTIONS, name);
}

function unknownCommand(name: string): AgentError {
  if (/\.(ya?ml|json)$/i.test(name)) {
    return usage(`${quote(name)} is not a command`, `To run that manifest: muster-agent run ${name}`);
  }
  return usage(
    `${quote(name)} is not a command`,
    didYouMean(name, Object.keys(OPTIONS), `Commands: ${Object.keys(OPTIONS).join(', ')}.`),
  );
}

function usage(message: string, hint: string): AgentError {
  return new AgentError('usage', message, hint);
}
