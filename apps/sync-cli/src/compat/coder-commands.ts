import { RpcError } from '@muster/socket/client';
import type { Params } from '@muster/socket/protocol';
import type { Agent } from '../agent.ts';
import type { authority } from '../authority.ts';
import { ANSWER_TIMEOUT_MS } from '../commands/agent-options.ts';
import { CliError } from '../errors.ts';
import { findUnit } from '../find-unit.ts';
import type { Io } from '../io.ts';
import { toJson } from '../render/json.ts';
import { quote, visible } from '../render/names.ts';
import { waiter } from '../waiter.ts';
import { coderTable, pickColumns } from './coder-table.ts';
import { DEPENDENCY_COLUMNS, statusJson, statusText, UNIT_COLUMNS, unitJson } from './coder-view.ts';

/** What a subcommand of `coder exp sync` gets to work with. */
interface CoderCall {
  readonly agent: Agent;
  readonly names: readonly string[];
  readonly json: boolean;
  /** The columns of a table, as asked for. */
  readonly columns: readonly string[] | undefined;
  /** By what right units of scripts are reported. */
  readonly right: ReturnType<typeof authority>;
  readonly io: Io;
  print(text: string): void;
}

/** One subcommand of `coder exp sync`. Its texts on stdout and its JSON are those of `coder`. */
export interface CoderCommand {
  readonly usage: string;
  readonly summary: string;
  /** What an error begins with. */
  readonly failure: string;
  /** How long it may take where `--timeout` doesn't say, in milliseconds. */
  readonly limitMs: number;
  /** Whether most of that is spent waiting for dependencies. */
  readonly waits?: true;
  /** @throws CliError `usage` where the number of names is wrong. */
  check(names: readonly string[]): void;
  run(call: CoderCall): Promise<void>;
}

const ping: CoderCommand = {
  usage: 'ping',
  summary: 'Check that the agent answers',
  failure: 'ping failed',
  limitMs: ANSWER_TIMEOUT_MS,
  check: noNames,
  async run({ agent, print }) {
    await agent.call('ping', {});
    print('Success\n');
  },
};

const want: CoderCommand = {
  usage: 'want <unit> <depends-on> [depends-on...]',
  summary: 'Declare units that have to complete before this one starts',
  failure: 'declare dependency failed',
  limitMs: ANSWER_TIMEOUT_MS,
  check(names) {
    if (names.length < 2) throw misuse('at least two arguments are required: unit and one or more depends-on');
  },
  async run({ agent, names, print }) {
    const [unit = '', ...dependsOn] = names;
    await agent.call('sync.want', { unit, dependsOn });
    print(`Unit ${quote(unit)} declared dependencies: ${bracketed(dependsOn)}\n`);
  },
};

const start: CoderCommand = {
  usage: 'start <unit>',
  summary: 'Wait for the dependencies of a unit, then start it',
  failure: 'start unit failed',
  limitMs: 5 * 60_000, // The default of coder.
  waits: true,
  check: oneName,
  async run({ agent, names: [unit = ''], right, io, print }) {
    const found = await findUnit(agent, unit);
    const dependencies = found.kind === 'known' ? found.info.dependencies : [];
    const isMet = dependencies.every(({ satisfied }) => satisfied);
    const listed = bracketed(dependencies.map(({ dependsOn }) => dependsOn));
    if (!isMet) print(`Unit ${quote(unit)} is waiting for dependencies to be satisfied: ${listed}\n`);
    const request = { unit, ...right, ...waiter('coder exp sync start', io.env) };
    await startOrWait(agent, request, found.kind === 'known' && found.info.status === 'started');
    if (dependencies.length === 0) print(`Unit ${quote(unit)} started with no dependencies\n`);
    else if (isMet) print(`Unit ${quote(unit)} started immediately, dependencies already satisfied: ${listed}\n`);
    else print(`Unit ${quote(unit)} finished waiting for dependencies: ${listed}\n`);
  },
};

const complete: CoderCommand = {
  usage: 'complete <unit>',
  summary: 'Report that a unit has completed',
  failure: 'complete unit failed',
  limitMs: ANSWER_TIMEOUT_MS,
  check: oneName,
  async run({ agent, names: [unit = ''], right, print }) {
    await agent.call('sync.complete', { unit, ...right });
    print('Success\n');
  },
};

const status: CoderCommand = {
  usage: 'status <unit>',
  summary: 'Show a unit and its dependencies',
  failure: 'get status failed',
  limitMs: ANSWER_TIMEOUT_MS,
  check: oneName,
  async run({ agent, names: [unit = ''], json, columns, print }) {
    const picked = pickColumns(DEPENDENCY_COLUMNS, columns);
    const found = await findUnit(agent, unit);
    const info = found.kind === 'known' ? found.info : { unit, status: null, ready: true };
    const dependencies = found.kind === 'known' ? found.info.dependencies : [];
    print(json ? `${toJson(statusJson(info, dependencies), 2)}\n` : statusText(info, dependencies, picked));
  },
};

const list: CoderCommand = {
  usage: 'list',
  summary: 'Show all units',
  failure: 'list units failed',
  limitMs: ANSWER_TIMEOUT_MS,
  check: noNames,
  async run({ agent, json, columns, print }) {
    const picked = pickColumns(UNIT_COLUMNS, columns);
    const { units } = await agent.call('sync.list', {});
    // Coder does not list what is only named as a dependency.
    const registered = units.filter((info) => info.status !== null);
    if (json) print(`${toJson(registered.map(unitJson), 2)}\n`);
    else print(registered.length === 0 ? 'No units registered\n' : coderTable(picked, registered));
  },
};

/** The subcommands of `coder exp sync`, by name, in the order of its help. */
export const CODER_COMMANDS: Readonly<Record<string, CoderCommand>> = { ping, want, start, complete, status, list };

/**
 * A unit that is started already may have been given dependencies since: a script of the agent that names its own unit in
 * `want` and `start` means to wait here, though the agent has started its unit with the script.
 */
async function startOrWait(agent: Agent, request: Params<'sync.start'>, isStarted: boolean): Promise<void> {
  if (!isStarted) {
    await agent.start(request, () => {
      // What it waits for has been said.
    });
    return;
  }
  const { label, within } = request;
  const { unmet } = await agent.call('sync.ready', { unit: request.unit });
  const waits = [...Map.groupBy(unmet, ({ requires }) => requires)].map(([requires, group]) => {
    const units = group.map(({ dependsOn }) => dependsOn);
    return agent.callWithin('sync.wait', { units, for: requires, late: true, label, within });
  });
  await Promise.all(waits).catch((error) => {
    // What can't be met any more is not waited for.
    if (!(error instanceof RpcError) || error.code !== 'impossible') throw error;
  });
}

function bracketed(names: readonly string[]): string {
  return `[${names.map(visible).join(', ')}]`;
}

function noNames(names: readonly string[]): void {
  if (names.length > 0) throw misuse(`no argument is expected, but there is ${quote(names.join(' '))}`);
}

function oneName(names: readonly string[]): void {
  if (names.length !== 1) throw misuse('exactly one unit name is required');
}

function misuse(message: string): CliError {
  return CliError.dropInUsage('coder exp sync', message);
}
