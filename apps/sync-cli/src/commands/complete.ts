import type { Params, Result } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { CliError } from '../errors.ts';
import { quote } from '../render/names.ts';
import { describeEnding, type Ending } from '../render/sentences.ts';
import { unitArgument } from '../unit-argument.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT, ANSWER_TIMEOUT_MS } from './agent-options.ts';
import { defineCommand } from './command.ts';

type Outcome = Ending['outcome'];
type Report = Omit<Params<'sync.complete'>, 'unit'> & { readonly outcome: Outcome };

const OUTCOMES = ['succeeded', 'failed', 'timed_out', 'skipped', 'canceled'] as const satisfies readonly Outcome[];

/** `muster complete`. */
export const complete = defineCommand({
  name: 'complete',
  summary: 'Report the end of a unit, and how it ended',
  usage: ['complete [UNIT]'],
  details: [
    'Without options it succeeded. A unit that has completed already keeps its outcome, and the command says which one.',
    'UNIT may be left out inside a script of the agent.',
  ],
  options: {
    failed: { summary: 'It failed; the same as --outcome failed' },
    'exit-code': { value: 'N', summary: 'The exit code of the work: it succeeded with 0, and failed with any other' },
    outcome: {
      value: 'HOW',
      choices: OUTCOMES,
      summary: 'How it ended: succeeded, failed, timed_out, skipped or canceled; default by the exit code',
    },
    reason: { value: 'TEXT', summary: 'A few words for whoever asks why, 1000 characters at the most' },
    timeout: ANSWER_TIMEOUT,
    ...AGENT_OPTIONS,
  },
  examples: [
    { line: 'muster complete db', note: 'db is done' },
    { line: 'muster complete db --failed --reason "disk is full"', note: 'what needs db is skipped, and says why' },
    { line: "trap 'muster complete db --exit-code $?' EXIT", note: 'report the truth however a script ends' },
  ],
  completes: 'one unit',
  async run({ names, options, io }) {
    const unit = unitArgument('complete', names, io.env);
    const report = readReport(options);
    await Agent.use({ options, io, defaultMs: ANSWER_TIMEOUT_MS }, async (agent) => {
      const result = await agent.call('sync.complete', { unit, ...report });
      new Answer(io, options).print(result, { text: () => `${describe(result, report)}\n` });
    });
  },
});

interface ReportOptions {
  readonly failed: boolean;
  readonly 'exit-code': string | undefined;
  readonly outcome: string | undefined;
  readonly reason: string | undefined;
}

function readReport(options: ReportOptions): Report {
  const exitCode = readExitCode(options['exit-code']);
  if (options.failed && exitCode === 0) throw CliError.contradiction('--failed', '--exit-code 0');
  if (options.failed && options.outcome !== undefined && options.outcome !== 'failed') {
    throw CliError.contradiction('--failed', `--outcome ${options.outcome}`);
  }
  const byCode: Outcome = options.failed || (exitCode ?? 0) !== 0 ? 'failed' : 'succeeded';
  return {
    outcome: (options.outcome ?? byCode) as Outcome, // One of the choices: parseArguments has checked it.
    ...(exitCode !== undefined && { exitCode }),
    ...(options.reason !== undefined && { reason: options.reason }),
  };
}

function readExitCode(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw CliError.invalidNumber('--exit-code', text, '0 to 255');
  return Number(text);
}

function describe({ unit, run, outcome, already }: Result<'sync.complete'>, report: Report): string {
  const name = `Unit ${quote(unit)}`;
  if (already) {
    const lost = outcome === report.outcome ? '' : ` "${report.outcome}" was not recorded.`;
    return `${name} was completed already, as ${outcome} (run ${run}); nothing changed.${lost}`;
  }
  const ending = describeEnding({
    outcome,
    exitCode: report.exitCode ?? null,
    reason: report.reason ?? null,
    signal: null,
  });
  return `${name} completed (run ${run}): it ${ending}.`;
}
