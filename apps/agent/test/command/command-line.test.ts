import { expect, test } from 'vitest';
import { AgentError } from '../../src/agent-error.ts';
import { parseCommandLine } from '../../src/command/command-line.ts';

function refusal(...args: string[]): string {
  try {
    parseCommandLine(args);
  } catch (error) {
    if (error instanceof AgentError) return `${error.message} / ${error.hint} / ${error.exitCode}`;
    throw error;
  }
  throw new Error('accepted');
}

test('run has defaults for all that does not depend on the machine', () => {
  expect(parseCommandLine(['run', 'w.yaml'])).toEqual({
    command: 'run',
    file: 'w.yaml',
    socket: undefined,
    stateDir: undefined,
    logFormat: undefined,
    logLevel: 'info',
    stopTimeoutMs: 60_000,
  });
});

test('options may stand anywhere, with a space or an equals sign', () => {
  const request = {
    command: 'run',
    file: '-w',
    socket: '/s',
    stateDir: 'd',
    logFormat: 'json',
    logLevel: 'debug',
    stopTimeoutMs: 0,
  };
  expect(
    parseCommandLine([
      '--socket',
      '/s',
      'run',
      '--state-dir=d',
      '--log-format',
      'json',
      '--log-level=debug',
      '--stop-timeout',
      '0',
      '--',
      '-w',
    ]),
  ).toEqual(request);
});

test('help and version win over everything', () => {
  expect(parseCommandLine(['run', '-h'])).toEqual({ command: 'help' });
  expect(parseCommandLine(['--version'])).toEqual({ command: 'version' });
});

test('check takes --json', () => {
  expect(parseCommandLine(['check', 'w.yaml', '--json'])).toEqual({ command: 'check', file: 'w.yaml', json: true });
});

test('wrong usage is refused with what was probably meant', () => {
  expect(
    [
      refusal(),
      refusal('rnu', 'w.yaml'),
      refusal('w.yaml'),
      refusal('dance'),
      refusal('run'),
      refusal('run', 'a.yaml', 'b.yaml'),
      refusal('run', 'w.yaml', '--soket', 's'),
      refusal('run', 'w.yaml', '-x'),
      refusal('run', 'w.yaml', '--__proto__'),
      refusal('run', 'w.yaml', '--socket'),
      refusal('check', 'w.yaml', '--json=1'),
      refusal('check', 'w.yaml', '--socket', 's'),
      refusal('run', 'w.yaml', '--stop-timeout', 'soon'),
      refusal('run', 'w.yaml', '--log-level', 'wran'),
      refusal('schema', 'w.yaml'),
    ].join('\n'),
  ).toMatchInlineSnapshot(`
    "no command was given / Say what to do, as in: muster-agent run workspace.yaml / 2
    "rnu" is not a command / Did you mean "run"? / 2
    "w.yaml" is not a command / To run that manifest: muster-agent run w.yaml / 2
    "dance" is not a command / Commands: run, check, schema. / 2
    the manifest file is missing / Name one, as in: muster-agent run workspace.yaml / 2
    there is one manifest at the most, but "b.yaml" follows / Name one, as in: muster-agent run workspace.yaml / 2
    there is no option "--soket" / Did you mean "--socket"? / 2
    there is no option "-x" / Options: --socket, --state-dir, --log-format, --log-level, --stop-timeout, --json, --help, --version. / 2
    there is no option "--__proto__" / Options: --socket, --state-dir, --log-format, --log-level, --stop-timeout, --json, --help, --version. / 2
    --socket needs a value / Write it as in: --socket PATH / 2
    --json takes no value / Write it alone: --json / 2
    muster-agent check has no option --socket / muster-agent --help lists the options of each command. / 2
    --stop-timeout can't be "soon": that is no duration / Write it as in 30s, 5m or 1h30m; 0 is for ever. / 2
    --log-level can't be "wran" / Did you mean "warn"? / 2
    muster-agent schema takes no file / Write it alone: muster-agent schema / 2"
  `);
});
