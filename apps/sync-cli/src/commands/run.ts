import type { SyncClient } from '@muster/socket/client';
import type { Params, Result } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { authority, FORCE_OPTION } from '../authority.ts';
import { formatDuration } from '../duration.ts';
import { CliError } from '../errors.ts';
import type { Io } from '../io.ts';
import { listNames, quote } from '../render/names.ts';
import { startedAlready } from '../started-already.ts';
import { waiter } from '../waiter.ts';
import { shownWord } from '../wrapped/command-word.ts';
import { unitEnvironment, wrappedEnvironment } from '../wrapped/environment.ts';
import { exitAs } from '../wrapped/exit.ts';
import { type CommandEnd, runCommand } from '../wrapped/run-command.ts';
import { watchForLoss } from '../wrapped/watch-for-loss.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT_MS } from './agent-options.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { DEPENDENCY_OPTIONS, namedDependencies } from './dependency-options.ts';
import { START_TIMEOUT_MS, waitingNotes } from './start.ts';

const OPTIONS = {
  ...DEPENDENCY_OPTIONS,
  timeout: { value: 'TIME', summary: 'Give up waiting after this time, as in 30s or 1h30m; 0 = never; default 5m' },
  force: FORCE_OPTION,
  ...AGENT_OPTIONS,
} as const;

/** `muster run`. */
export const run = defineCommand({
  name: 'run',
  summary: 'Run a command as the work of a unit: wait, start, run it, report how it ended',
  usage: ['run UNIT [OPTIONS] -- COMMAND…'],
  details: [
    'COMMAND has the input, output and signals of this command, whose exit code is that of COMMAND: 128 and the number of',
    'the signal that ended it, 126 if it can not be executed, 127 if it was not found. The unit fails at once if this',
    'command dies, by whatever means. COMMAND is not run if a dependency failed (5), the wait took too long (124) or',
    'somebody else has started the unit (3). It runs on if the agent goes away.',
  ],
  options: OPTIONS,
  examples: [
    { line: 'muster run build --needs install -- npm run build', note: 'after install, and only if that succeeded' },
    { line: 'muster run report --after test -- ./report.sh', note: 'after test, however that ended' },
    { line: `muster run db --timeout 0 -- sh -c 'createdb app && ./seed'`, note: 'what only a shell knows needs one' },
  ],
  completes: 'one unit',
  wraps: true,
  async run({ names, wrapped, options, io }) {
    const [unit, ...extra] = names;
    if (unit === undefined) throw CliError.missingName('run', 'run UNIT -- COMMAND…');
    if (extra.length > 0) throw CliError.tooManyArguments('run', extra, 'run UNIT -- COMMAND…');
    let end: CommandEnd | null = null;
    await Agent.use({ options, io, defaultMs: START_TIMEOUT_MS }, async (agent) => {
      end = await runAsUnit(agent, { unit, wrapped, options, io });
    });
    return exitAs(end ?? { kind: 'not_found' }, wrapped);
  },
});

interface Work {
  readonly unit: string;
  readonly wrapped: readonly string[];
  readonly options: OptionValues<typeof OPTIONS>;
  readonly io: Io;
}

async function runAsUnit(agent: Agent, { unit, wrapped, options, io }: Work): Promise<CommandEnd> {
  const answer = new Answer(io, options);
  const started = await agent.start(
    {
      ...{ unit, hold: true, ...namedDependencies(options) },
      ...{ ...authority(options.force, io.env), ...waiter('muster run', io.env) },
    },
    waitingNotes((sentence) => answer.note(sentence)),
  );
  if (started.already) throw await startedAlready(agent, unit, io.env);
  if (started.waitedFor.length > 0) answer.note(describeWait(started));
  const { connection } = agent;
  const loss = watchForLoss(connection, () =>
    answer.warn(
      `the agent has gone away. The command goes on, but its end can not be reported for unit ${quote(unit)}.`,
    ),
  );
  const end = await runCommand(wrapped, unitEnvironment(wrappedEnvironment(io.env, options.socket), started));
  if (loss.stop()) return end;
  const lost = await report(connection, {
    unit,
    ...reportOf(end, wrapped[0] ?? ''),
    ...authority(options.force, io.env),
  });
  if (lost !== null) answer.warn(lost);
  return end;
}

function describeWait({ unit, run, waitedMs, waitedFor }: Result<'sync.start'>): string {
  return `Unit ${quote(unit)} started (run ${run}) after waiting ${formatDuration(waitedMs)} for ${listNames(waitedFor)}.`;
}

type Report = Params<'sync.complete'> & { readonly outcome: 'succeeded' | 'failed' };

function reportOf(end: CommandEnd, command: string): Omit<Report, 'unit'> {
  switch (end.kind) {
    case 'exited':
      return { outcome: end.exitCode === 0 ? 'succeeded' : 'failed', exitCode: end.exitCode };
    case 'killed':
      return { outcome: 'failed', signal: end.signal };
    case 'not_found':
      return { outcome: 'failed', exitCode: 127, reason: `command ${quote(named(command))} not found` };
    case 'not_executable':
      return { outcome: 'failed', exitCode: 126, reason: `command ${quote(named(command))} can not be executed` };
    default:
      return end satisfies never;
  }
}

/** Text in a report has an end; a path may be 4096 characters long. */
function named(word: string): string {
  const text = shownWord(word);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** @returns what is lost of the report, in words; `null` if it arrived. The command has run, so nothing is thrown. */
async function report(connection: SyncClient, wanted: Report): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const { already, outcome } = await connection.call('sync.complete', wanted, { signal });
    if (!already || outcome === wanted.outcome) return null;
    const before = `unit ${quote(wanted.unit)} was completed before its command ended, as ${outcome}`;
    return wanted.outcome === 'failed'
      ? `${before}; that it failed is noted there.`
      : `${before}: "${wanted.outcome}" was not recorded.`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `how the command ended could not be reported for unit ${quote(wanted.unit)}: ${reason}`;
  }
}
