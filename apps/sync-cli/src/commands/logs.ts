import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { CliError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { follow } from '../logs/follow.ts';
import { followsItself, tooManyFollowed } from '../logs/log-errors.ts';
import { type Printing, printing } from '../logs/printing.ts';
import { filesOf, type RunLog } from '../logs/run-printer.ts';
import { toJson } from '../render/json.ts';
import { visible } from '../render/names.ts';
import { ownRun } from '../waiter.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT_MS } from './agent-options.ts';
import { defineCommand, type OptionValues } from './command.ts';

/** Of the 64 requests that an agent lets one connection have waiting, those that are left for short ones. */
const MAX_FOLLOWED = 60;

const OPTIONS = {
  follow: { short: 'f', summary: 'Go on until the run ends; of a script that has not started, wait for that first' },
  tail: { value: 'N', short: 'n', summary: 'Only the last N lines of each file' },
  run: { value: 'N', summary: 'That run of the unit; default: the latest' },
  path: { summary: 'Print the paths of the logs, and nothing else' },
  timeout: {
    value: 'TIME',
    summary: 'Give up if the agent has not answered after this time; 0 = never; default 30s',
  },
  ...AGENT_OPTIONS,
} as const;

/** `muster logs`. */
export const logs = defineCommand({
  name: 'logs',
  summary: 'Print what the scripts of units have written, and follow it',
  usage: ['logs [UNIT…]'],
  details: [
    'Of the latest run, as it is; on a terminal only its colours drive that. With several units each line begins with its unit.',
    'UNIT may be left out inside a script of the agent. It exits with 3 where there is no log: no script stands for the unit, or',
    'it has not started. With --json it prints one object a line for each run, and nothing of the logs.',
  ],
  options: OPTIONS,
  examples: [
    { line: 'muster logs build', note: 'all that the latest run has written' },
    { line: 'muster logs -f api db', note: 'both as they come, until both have ended' },
    { line: 'muster logs build --tail 20', note: 'the last lines' },
    { line: 'muster logs backup --run 3', note: 'an earlier run of this life of the agent' },
    { line: 'less $(muster logs --path build)', note: 'in another program' },
  ],
  completes: 'units',
  async run({ names, options, io }) {
    const units = readUnits(names, io.env);
    const [tail, run] = readNumbers(options);
    const form = readForm(options);
    if (options.follow) refuseToFollow(units, run, io.env);
    let exitCode: ExitCode | undefined;
    await Agent.use({ options, io, defaultMs: ANSWER_TIMEOUT_MS }, async (agent) => {
      const requests = units.map((unit) => ({ unit, ...(run === null ? {} : { run }) }));
      if (options.follow) {
        const answer = new Answer(io, options);
        exitCode = await follow({ agent, io, answer, ...printing(units, { options, io, tail }) }, requests);
        return;
      }
      const found = await Promise.all(requests.map((request) => agent.call('sync.logs', request)));
      if (form === 'text') await print(found, printing(units, { options, io, tail }));
      else io.stdout.write(found.map((log) => (form === 'json' ? `${toJson(log, 0)}\n` : paths(log, io))).join(''));
    });
    return exitCode;
  },
});

type Options = OptionValues<typeof OPTIONS>;

function readUnits(names: readonly string[], env: Io['env']): string[] {
  if (names.length > 0) return [...new Set(names)];
  if (!env.MUSTER_UNIT) throw CliError.missingUnit('logs');
  return [env.MUSTER_UNIT];
}

function readNumbers({ tail, run }: Options): [number | null, number | null] {
  return [
    readNumber('--tail', tail),
    readNumber('--run', run, { least: 1, hint: ': "muster status UNIT" has the latest' }),
  ];
}

function readNumber(option: string, text: string | undefined, { least, hint } = { least: 0, hint: '' }): number | null {
  if (text === undefined) return null;
  const isNumber = /^\d{1,15}$/.test(text) && Number(text) >= least;
  if (!isNumber) throw CliError.invalidNumber(option, text, `${least} up${hint}`);
  return Number(text);
}

function readForm({ json, path, follow, tail }: Options): 'text' | 'json' | 'paths' {
  if (!json && !path) return 'text';
  if (json && path) throw CliError.contradiction('--json', '--path');
  const form = json ? '--json' : '--path';
  if (follow) throw CliError.contradiction(form, '--follow');
  if (tail !== undefined) throw CliError.contradiction(form, '--tail');
  return json ? 'json' : 'paths';
}

function refuseToFollow(units: readonly string[], run: number | null, env: Io['env']): void {
  if (units.length > MAX_FOLLOWED) throw tooManyFollowed(units.length, MAX_FOLLOWED);
  const own = ownRun(env);
  if (own !== null && units.includes(own.unit) && (run ?? own.run) === own.run) throw followsItself(own.unit);
}

/** One unit after the other. What can't be read is refused before anything is printed. */
async function print(found: readonly RunLog[], { printer }: Printing): Promise<void> {
  using opened = new DisposableList(found.map((log) => printer(log, { isNew: false })));
  for (const each of opened.list) each.open({ isLater: false });
  for (const [index, log] of found.entries()) await opened.list[index]?.finish(log);
}

class DisposableList<T extends Disposable> implements Disposable {
  readonly list: readonly T[];

  constructor(list: readonly T[]) {
    this.list = list;
  }

  [Symbol.dispose](): void {
    for (const each of this.list) each[Symbol.dispose]();
  }
}

function paths(log: RunLog, { stdout }: Io): string {
  return filesOf(log)
    .map(({ path }) => `${stdout.isTTY ? visible(path) : path}\n`)
    .join('');
}
