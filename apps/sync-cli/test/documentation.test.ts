import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AGENT_OPTIONS } from '../src/commands/agent-options.ts';
import { COMMANDS } from '../src/commands/table.ts';
import { EXIT_CODE_MEANINGS, EXIT_CODE_OF } from '../src/exit-codes.ts';
import { runHere, TestAgent } from './support/agent.ts';
import { TestRuns } from './support/runs.ts';

const page = readFileSync(new URL('../../../docs/command.md', import.meta.url), 'utf8');
const shown = COMMANDS.filter(({ hidden }) => !hidden);

/** The text under one heading, up to the next of its level. */
function section(heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const [, text = ''] = page.split(`\n${heading}\n`);
  return text.split(new RegExp(`\\n#{1,${level}} `))[0] ?? '';
}

/** The cells of the tables of a text, without their backquotes. */
function rows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => /^\| (?!-)/.test(line) && !/^\|-/.test(line));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('the commands are those of the table', () => {
  const [, ...commands] = rows(page.split('## Conventions')[0] ?? '');
  expect(commands.map(([name, summary]) => [name?.replace(/^\[|\].*/g, ''), summary])).toEqual(
    shown.map(({ name, summary }) => [name, summary]),
  );
  expect([...page.matchAll(/^## muster (\S+)$/gm)].map(([, name]) => name)).toEqual(shown.map(({ name }) => name));
});

describe.each(shown)('muster $name', ({ name, usage, options, examples }) => {
  const text = section(`## muster ${name}`);

  test('has its synopsis', () => {
    for (const line of usage) expect(text).toContain(`\nmuster ${line}`);
  });

  test('has its own options and no others', () => {
    const own = Object.keys(options).filter((option) => !Object.hasOwn(AGENT_OPTIONS, option) && option !== 'timeout');
    const documented = rows(text).flatMap(([cell = '']) =>
      [...cell.matchAll(/--([a-z-]+)/g)].map(([, option]) => option),
    );
    expect(documented.filter((option) => option !== 'timeout').sort()).toEqual(own.sort());
    for (const [, option = ''] of text.matchAll(/--([a-z][a-z-]*)/g)) expect(Object.keys(options)).toContain(option);
  });

  test('has its examples', () => {
    for (const { line } of examples) expect(text).toContain(line);
  });
});

test('the common options are those of the commands', () => {
  const documented = rows(section('### Options of every command that talks to the agent')).flatMap(([cell = '']) =>
    [...cell.matchAll(/--([a-z-]+)/g)].map(([, option]) => option),
  );
  expect(documented.sort()).toEqual([...Object.keys(AGENT_OPTIONS), 'timeout'].sort());
});

test('the exit codes are those of the table', () => {
  const [, ...codes] = rows(section('### Exit codes'));
  expect(codes).toEqual(Object.entries(EXIT_CODE_MEANINGS));
});

test('the words of errors and their exit codes are those of the table', () => {
  const [, ...codes] = rows(section('### Errors'));
  expect(codes).toEqual(Object.entries(EXIT_CODE_OF).map(([word, code]) => [word, String(code)]));
});

test('the JSON shapes have the fields that the commands print', async () => {
  using runs = new TestRuns();
  runs.begin('cache', '');
  await using agent = await TestAgent.listen({ runLogs: (unit) => runs.of(unit) });
  agent.units.register('cache');
  agent.units.register('api');
  agent.units.addDependencies('api', [{ dependsOn: 'cache', requires: 'completed' }]);
  agent.units.register('web');
  agent.units.addDependencies('web', [{ dependsOn: 'net', requires: 'completed' }]);
  const commands = {
    want: ['api', 'cache'],
    complete: ['cache'],
    start: ['api'],
    ping: [],
    status: ['api'],
    list: [],
    fail: ['cache'],
    wait: ['cache'],
    why: [],
    logs: ['cache'],
  };
  for (const [name, argv] of Object.entries(commands)) {
    const example = /`--json`[\s\S]*?```json\n([\s\S]*?)```/.exec(section(`## muster ${name}`))?.[1] ?? '';
    const { stdout } = await runHere([name, ...argv, '--json', '--socket', agent.socket]);
    expect(fieldsOf(JSON.parse(example)), name).toEqual(fieldsOf(JSON.parse(stdout)));
  }
});

/** The names of the fields at every depth, in order; of an array, those of its first element. */
function fieldsOf(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === 'object' ? [fieldsOf(value[0])] : [];
  if (typeof value !== 'object' || value === null) return null;
  return Object.entries(value).map(([key, inner]) => [key, fieldsOf(inner)]);
}
