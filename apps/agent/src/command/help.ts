import { EXIT } from '../exit-codes.ts';
import { COMMON_OPTIONS, type CommandName, OPTIONS, type OptionHelp } from './options.ts';

const USAGE: Readonly<Record<CommandName, string>> = {
  run: 'muster-agent run FILE [options]',
  check: 'muster-agent check FILE [--json]',
  schema: 'muster-agent schema',
};

const SUMMARY: Readonly<Record<CommandName, string>> = {
  run: 'run the scripts of a manifest as units, and serve them on a socket',
  check: 'say what a manifest would do, or everything that is wrong with it',
  schema: 'print the JSON Schema of manifests',
};

const EXAMPLES = `Examples:
  muster-agent check workspace.yaml
  muster-agent run workspace.yaml
  muster-agent run workspace.yaml --socket /run/user/1000/ws.sock --stop-timeout 2m
  muster-agent run workspace.yaml --log-format json 2>agent.log

A manifest:
  version: 1
  scripts:
    clone:
      run: git clone https://example.com/app.git
    install:
      needs: clone
      run: cd app && npm ci`;

const EXIT_CODES = `Exit codes:
  ${EXIT.ok} stopped as asked, or the manifest is right
  ${EXIT.stopFailed} a stop script failed
  ${EXIT.usage} wrong usage
  ${EXIT.internal} internal error
  ${EXIT.cantCreate} the socket or the state directory can't be made
  ${EXIT.output} the output could not be written
  ${EXIT.inUse} another agent owns the socket
  ${EXIT.badManifest} the manifest is unreadable or wrong
  ${EXIT.stopTimedOut} the stop scripts took too long`;

const SIGNALS = `Signals: TERM, INT and HUP stop the agent in order; a second one cuts the waiting short.`;

/** The help of all commands, ending with a line break. */
export function helpText(): string {
  const commands = table(Object.entries(USAGE).map(([name, usage]) => [usage, SUMMARY[name as CommandName]])); // The keys of the table.
  const options = (['run', 'check'] as const).map((name) => `Options of ${name}:\n${optionTable(OPTIONS[name])}`);
  const parts = [
    `Usage:\n${commands}`,
    ...options,
    `Options of all:\n${optionTable(COMMON_OPTIONS)}`,
    EXAMPLES,
    EXIT_CODES,
    SIGNALS,
  ];
  return `${parts.join('\n\n')}\n`;
}

function optionTable(options: Readonly<Record<string, OptionHelp>>): string {
  return table(
    Object.entries(options).map(([name, { value, description }]) => [
      `--${name}${value ? ` ${value}` : ''}`,
      description,
    ]),
  );
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
