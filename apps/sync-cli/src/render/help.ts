import type { Command, OptionSpec, OptionTable } from '../commands/command.ts';
import { EXIT_CODE_MEANINGS } from '../exit-codes.ts';

/** What `muster --help` prints. */
export function overallHelp(commands: readonly Command[]): string {
  const shown = commands.filter(({ hidden }) => !hidden);
  return [
    'muster declares dependencies between units, waits for them, reports their end, and shows them.\n',
    section('Usage', ['muster COMMAND [ARGUMENTS] [OPTIONS]']),
    section('Commands', columns(shown.map(({ name, summary }) => [name, summary]))),
    section('Options', columns([...optionRows(OVERALL_OPTIONS)])),
    section('Examples', columns(OVERALL_EXAMPLES)),
    section(
      'Exit codes',
      columns(Object.entries(EXIT_CODE_MEANINGS).map(([code, meaning]) => [code.padStart(3), meaning])),
    ),
    'Run "muster COMMAND --help" for its options and examples.\n',
  ].join('\n');
}

/** What `muster COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const sections = [
    `${command.summary}.\n`,
    section(
      'Usage',
      command.usage.map((usage) => `muster ${usage}${command.wraps ? '' : ' [OPTIONS]'}`),
    ),
    command.details === undefined ? '' : `${command.details.join('\n')}\n`,
    section('Options', columns(optionRows(command.options))),
    section('Examples', columns(command.examples.map(({ line, note }) => [line, note]))),
  ];
  return sections.filter((each) => each !== '').join('\n');
}

/** The options of `muster` without a command. */
export const OVERALL_OPTIONS = {
  help: { short: 'h', summary: 'Show this help' },
  version: { summary: 'Show the version' },
} as const satisfies OptionTable;

const OVERALL_EXAMPLES: readonly (readonly [string, string])[] = [
  ['muster run api --needs db -- ./serve', 'wait for db, run it, report how it ended'],
  ['muster want api db cache', 'or in steps: api waits for db and cache'],
  ["trap 'muster complete api --exit-code $?' EXIT", 'report how it ended'],
  ["trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM", 'also after a signal'],
  ['muster start api --pid $$ || exit', 'block until they are done, then start'],
  ['muster list', 'see where everything stands'],
  ['muster why', 'see what holds it up'],
  ['muster logs -f api', 'see what its script writes'],
];

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function optionRows(table: OptionTable): [string, string][] {
  return Object.entries(table).map(([name, spec]) => [optionLabel(name, spec), spec.summary]);
}

function optionLabel(name: string, { short, value }: OptionSpec): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`);
}
