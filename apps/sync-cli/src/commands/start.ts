import type { NotificationParams, Result } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { authority, FORCE_OPTION } from '../authority.ts';
import { formatDuration } from '../duration.ts';
import { endOfRun } from '../end-of-run.ts';
import { CliError } from '../errors.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { listNames, quote } from '../render/names.ts';
import { describeEnding, describeUnmet } from '../render/sentences.ts';
import { startedAlready } from '../started-already.ts';
import { unitArgument } from '../unit-argument.ts';
import { waiter } from '../waiter.ts';
import { AGENT_OPTIONS } from './agent-options.ts';
import { defineCommand } from './command.ts';
import { DEPENDENCY_OPTIONS, namedDependencies } from './dependency-options.ts';

/** How long a command waits by default, to start a unit or for something else, in milliseconds; as in `coder exp sync start`. */
export const START_TIMEOUT_MS = 5 * 60_000;

/** `muster start`. */
export const start = defineCommand({
  name: 'start',
  summary: 'Wait until the dependencies of a unit are met, then start it',
  usage: ['start [UNIT]'],
  details: [
    'The agent starts the unit in the same step in which its last dependency is met. A unit that is started already is',
    'left as it is; one that has completed begins its next run. UNIT may be left out inside a script of the agent.',
    'With --hold or --pid the unit fails when its owner goes, instead of staying started for ever; such a start is refused (3) if',
    'the unit was started already. --hold exits with 0 when the unit is completed, with 1 if it did not succeed.',
  ],
  options: {
    ...DEPENDENCY_OPTIONS,
    hold: { summary: 'Stay until the unit is completed; it fails if this command ends before that' },
    pid: { value: 'PID', summary: 'The unit fails if this process ends before the unit is completed' },
    'no-wait': { summary: 'Start it now, or exit with 3 if a dependency is not met' },
    timeout: { value: 'TIME', summary: 'Give up waiting after this time, as in 30s or 1h30m; 0 = never; default 5m' },
    force: FORCE_OPTION,
    ...AGENT_OPTIONS,
  },
  examples: [
    { line: 'muster start api', note: 'block until api may start' },
    { line: 'muster start api --needs db --pid $$', note: 'in a script: declare, wait, and fail if the script dies' },
    { line: 'muster start api --timeout 0', note: 'however long it takes' },
    { line: 'muster start api --no-wait || echo later', note: 'never block' },
  ],
  completes: 'one unit',
  async run({ names, options, io }) {
    const unit = unitArgument('start', names, io.env);
    const lease = readLease(options);
    const right = authority(options.force, io.env);
    const request = { unit, ...lease, ...namedDependencies(options), ...right, ...waiter('muster start', io.env) };
    const answer = new Answer(io, options);
    let exitCode: number | undefined;
    const onWaiting = waitingNotes((sentence) => answer.note(sentence));
    await Agent.use({ options, io, defaultMs: START_TIMEOUT_MS }, async (agent) => {
      const result = await agent.start({ ...request, wait: !options['no-wait'] }, onWaiting);
      if (result.already && lease !== null) throw await startedAlready(agent, unit, io.env);
      answer.print(startJson(result), { text: () => `${describe(result)}\n` });
      if (options.hold) exitCode = await hold(agent, result, answer);
    });
    return exitCode;
  },
});

/** Who answers for the run by staying alive; `null` for nobody. */
function readLease({ hold, pid }: { readonly hold: boolean; readonly pid: string | undefined }) {
  if (hold && pid !== undefined) throw CliError.contradiction('--hold', '--pid');
  if (pid === undefined) return hold ? { hold } : null;
  if (!/^\d{1,9}$/.test(pid) || Number(pid) < 2) throw CliError.invalidNumber('--pid', pid, '2 on');
  return { pid: Number(pid) };
}

/** Stays until the run has ended. @returns the exit code. */
async function hold(agent: Agent, { unit, run }: Result<'sync.start'>, answer: Answer): Promise<number> {
  answer.note(`Unit ${quote(unit)} is held: it fails if this command ends before the unit is completed.`);
  const ending = await endOfRun(agent.connection, { unit, run });
  if (ending === null) return EXIT_CODES.done;
  answer.note(`Unit ${quote(unit)} completed (run ${run}): it ${describeEnding(ending)}.`);
  return ending.outcome === 'succeeded' ? EXIT_CODES.done : EXIT_CODES.unitFailed;
}

/** Says what is awaited when the wait begins, and again whenever that has changed. */
export function waitingNotes(note: (sentence: string) => void): (waiting: NotificationParams<'sync.waiting'>) => void {
  let last: string | undefined;
  return ({ unit, unmet, unmetTotal }) => {
    const awaited = describeUnmet(unmet, unmetTotal);
    if (unmet.length === 0 || awaited === last) return;
    note(`Unit ${quote(unit)} ${last === undefined ? 'waits' : 'still waits'} for ${awaited}.`);
    last = awaited;
  };
}

function startJson({ unit, run, ...more }: Result<'sync.start'>): Result<'sync.start'> {
  return { unit, run, ...more };
}

function describe({ unit, run, already, waitedFor, satisfied, waitedMs }: Result<'sync.start'>): string {
  const name = `Unit ${quote(unit)}`;
  if (already) return `${name} was started already (run ${run}); nothing changed.`;
  if (waitedFor.length > 0) {
    const others = satisfied.length > 0 ? ` Satisfied from the beginning: ${listNames(satisfied)}.` : '';
    return `${name} started (run ${run}) after waiting ${formatDuration(waitedMs)} for ${listNames(waitedFor)}.${others}`;
  }
  if (satisfied.length > 0) {
    return `${name} started at once (run ${run}): its dependencies were satisfied already: ${listNames(satisfied)}.`;
  }
  return `${name} started (run ${run}): it has no dependencies.`;
}
