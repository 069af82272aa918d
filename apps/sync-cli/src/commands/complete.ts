import { authority, FORCE_OPTION } from '../authority.ts';
import { CliError } from '../errors.ts';
import type { Ending } from '../render/sentences.ts';
import { reportUnit, type UnitReport } from '../report-unit.ts';
import { unitArgument } from '../unit-argument.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT } from './agent-options.ts';
import { defineCommand } from './command.ts';

type Outcome = Ending['outcome'];

const OUTCOMES = ['succeeded', 'failed', 'timed_out', 'skipped', 'canceled'] as const satisfies readonly Outcome[];

/** `muster complete`. */
export const complete = defineCommand({
  name: 'complete',
  summary: 'Report the end of a unit, and how it ended',
  usage: ['complete [UNIT]'],
  details: [
    'Without options it succeeded. A unit that has completed already keeps its outcome, and the command says which one.',
    'With --exit-code a unit that nobody has mentioned is registered, so that a trap never loses its report; otherwise such a',
    'name is an error. UNIT may be left out inside a script of the agent. What no trap sees, as kill -9, needs a lease:',
    '"muster start UNIT --pid $$", or "muster run".',
  ],
  options: {
    failed: { summary: 'It failed; the same as --outcome failed' },
    skipped: { summary: 'There was nothing to do, or no way to do it; the same as --outcome skipped' },
    'exit-code': { value: 'N', summary: 'The exit code of the work: it succeeded with 0, and failed with any other' },
    outcome: {
      value: 'HOW',
      choices: OUTCOMES,
      summary: 'How it ended: succeeded, failed, timed_out, skipped or canceled; default by the exit code',
    },
    reason: { value: 'TEXT', summary: 'A few words for whoever asks why, 1000 characters at the most' },
    force: FORCE_OPTION,
    timeout: ANSWER_TIMEOUT,
    ...AGENT_OPTIONS,
  },
  examples: [
    { line: 'muster complete db', note: 'db is done' },
    { line: 'muster complete db --failed --reason "disk is full"', note: 'what needs db is skipped, and says why' },
    { line: "trap 'muster complete db --exit-code $?' EXIT", note: 'at the top of a script: report how it ends' },
    {
      line: "trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM",
      note: 'with it: a signal is an end as well',
    },
  ],
  completes: 'one unit',
  async run({ names, options, io }) {
    const unit = unitArgument('complete', names, io.env);
    const report = readReport(options);
    const registers = report.exitCode !== undefined;
    await reportUnit({ unit, ...report, ...authority(options.force, io.env) }, { options, io, registers });
  },
});

interface ReportOptions {
  readonly failed: boolean;
  readonly skipped: boolean;
  readonly 'exit-code': string | undefined;
  readonly outcome: string | undefined;
  readonly reason: string | undefined;
}

function readReport(options: ReportOptions): Omit<UnitReport, 'unit'> {
  const exitCode = readExitCode(options['exit-code']);
  if (options.failed && exitCode === 0) throw CliError.contradiction('--failed', '--exit-code 0');
  if (options.failed && options.outcome !== undefined && options.outcome !== 'failed') {
    throw CliError.contradiction('--failed', `--outcome ${options.outcome}`);
  }
  if (options.skipped) return readSkip(options);
  const byCode: Outcome = options.failed || (exitCode ?? 0) !== 0 ? 'failed' : 'succeeded';
  return {
    outcome: (options.outcome ?? byCode) as Outcome, // One of the choices: parseArguments has checked it.
    ...(exitCode !== undefined && { exitCode }),
    ...(options.reason !== undefined && { reason: options.reason }),
  };
}

/** What was skipped has no exit code, and ended in no other way. */
function readSkip({ failed, 'exit-code': code, outcome, reason }: ReportOptions): Omit<UnitReport, 'unit'> {
  if (failed) throw CliError.contradiction('--skipped', '--failed');
  if (code !== undefined) throw CliError.contradiction('--skipped', `--exit-code ${code}`);
  if (outcome !== undefined && outcome !== 'skipped') throw CliError.contradiction('--skipped', `--outcome ${outcome}`);
  return { outcome: 'skipped', ...(reason !== undefined && { reason }) };
}

function readExitCode(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw CliError.invalidNumber('--exit-code', text, '0 to 255');
  return Number(text);
}
