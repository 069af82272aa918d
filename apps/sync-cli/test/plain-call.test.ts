import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/commands/table.ts';
import { FREQUENT } from '../src/frequent-commands.ts';
import { parseLine } from '../src/parse-arguments.ts';
import { plainCall } from '../src/plain-call.ts';

const optionNames = [...new Set(COMMANDS.flatMap(({ options }) => Object.keys(options)))];

/** Words as people, scripts and accidents write them. */
const word = fc.oneof(
  fc.constantFrom(
    ...FREQUENT.map(({ name }) => name),
    'help',
    '',
    '-',
    '--',
    '-q',
    '-h',
    '-qh',
    '-x',
    '--no-json',
    '---',
  ),
  fc.constantFrom(...optionNames).map((name) => `--${name}`),
  fc.tuple(fc.constantFrom(...optionNames), fc.string()).map(([name, value]) => `--${name}=${value}`),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

test('a plain call is what Node reads in the same line', () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.constantFrom(...FREQUENT), fc.array(word, { maxLength: 6 }), ({ name }, words) => {
      const call = plainCall([name, ...words], FREQUENT);
      if (call === null) return;
      plain += 1;
      expect(call.command.name).toBe(name);
      expect(call.line).toEqual(parseLine([name, ...words], COMMANDS));
    }),
    { numRuns: 3_000 },
  );
  // Or the property would hold for nothing.
  expect(plain).toBeGreaterThan(300);
});

test.each([
  ['start', 'api'],
  ['start', 'api', '--needs', 'db', '--needs=cache', '--json', '--timeout', '5m'],
  ['list', '--socket', '/run/agent.sock'],
  ['complete', 'api', '-q'],
  ['ping'],
])('muster %s %s %s %s is one', (...argv) => {
  expect(plainCall(argv, FREQUENT)?.command.name).toBe(argv[0]);
});

test.each([
  ['of another command', ['why', 'api']],
  ['with an option before it', ['--json', 'list']],
  ['with an option that another command has', ['list', '--needs', 'db']],
  ['with a value that looks like an option', ['list', '--socket', '--json']],
  ['that asks for help', ['list', '--help']],
  ['that asks for it by its letter', ['list', '-h']],
  ['with letters in one word', ['list', '-qh']],
])('a line %s is none', (_what, argv) => {
  expect(plainCall(argv, FREQUENT)).toBeNull();
});
