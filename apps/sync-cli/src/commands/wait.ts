import type { Params, Result } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { formatDuration } from '../duration.ts';
import { CliError } from '../errors.ts';
import { findUnit } from '../find-unit.ts';
import type { Io } from '../io.ts';
import { ownUnitNote } from '../own-wait.ts';
import { list, quote } from '../render/names.ts';
import { reached } from '../render/sentences.ts';
import { GOAL_VERBS } from '../render/wait-text.ts';
import { waitForStart } from '../wait-for-start.ts';
import { waiter } from '../waiter.ts';
import { AGENT_OPTIONS } from './agent-options.ts';
import { defineCommand, type OptionValues } from './command.ts';
import { START_TIMEOUT_MS } from './start.ts';

type Goal = NonNullable<Params<'sync.wait'>['for']>;
type Reached = Omit<Result<'sync.wait'>['units'][number], 'met'>;

const GOALS = ['started', 'completed', 'succeeded'] as const satisfies readonly Goal[];

const OPTIONS = {
  for: {
    value: 'WHAT',
    choices: GOALS,
    summary: 'How far: started (a service), completed (however it ended) or succeeded; default succeeded',
  },
  any: { summary: 'One of the units is enough' },
  late: { summary: 'Wait for names too that nobody has mentioned yet, instead of refusing them' },
  all: { summary: 'Wait until everything that the start of the workspace triggers has ended; takes no UNIT' },
  timeout: { value: 'TIME', summary: 'Give up waiting after this time, as in 30s or 1h30m; 0 = never; default 5m' },
  ...AGENT_OPTIONS,
} as const;

/** `muster wait`. */
export const wait = defineCommand({
  name: 'wait',
  summary: 'Wait until units have come as far as asked, or the whole start has',
  usage: ['wait UNIT…', 'wait --all'],
  details: [
    'It starts nothing and declares nothing. It exits with 5 as soon as a unit can no longer come that far, as when it failed,',
    'and with 4 for a name that nobody has mentioned. With --all it exits with 1 if a start script failed, and says which.',
  ],
  options: OPTIONS,
  examples: [
    { line: 'muster wait build && npm start', note: 'only if build succeeded' },
    { line: 'muster wait editor --for started --timeout 1m', note: 'a service never ends' },
    { line: 'muster wait mirror-a mirror-b --any', note: 'whichever is first' },
    { line: 'muster wait --all --timeout 0', note: 'in a login hook, or in CI' },
  ],
  completes: 'units',
  async run({ names, options, io }) {
    const answer = new Answer(io, options);
    let exitCode: number | undefined;
    if (options.all) refuseUnits(names, options);
    else if (names.length === 0) throw CliError.missingName('wait', 'wait UNIT…" or "muster wait --all');
    await Agent.use({ options, io, defaultMs: START_TIMEOUT_MS }, async (agent) => {
      if (options.all) exitCode = await waitForStart(agent, answer, io);
      else await waitForUnits(agent, { names, options, io, answer });
    });
    return exitCode;
  },
});

function refuseUnits(names: readonly string[], options: OptionValues<typeof OPTIONS>): void {
  if (names.length > 0) throw CliError.tooManyArguments('wait --all', names, 'wait --all');
  for (const option of ['any', 'late', 'for'] as const) {
    if (options[option]) throw CliError.contradiction('--all', `--${option}`);
  }
}

interface Wait {
  readonly names: readonly string[];
  readonly options: OptionValues<typeof OPTIONS>;
  readonly io: Io;
  readonly answer: Answer;
}

async function waitForUnits(agent: Agent, { names, options, io, answer }: Wait): Promise<void> {
  const goal = (options.for ?? 'succeeded') as Goal; // One of the choices: parseArguments has checked it.
  const now = await statuses(agent, names);
  const isRefused = !options.late && now.some(({ isKnown }) => !isKnown);
  if (!isRefused) sayWhatFor(now, { goal, any: options.any, io, answer });
  const units = [...new Set(names)];
  const { any, late } = options;
  const request = { units, for: goal, any, late, ...waiter('muster wait', io.env) };
  const { failed: _ofStart, ...result } = await agent.callWithin('sync.wait', request);
  answer.print(result, { text: () => `${describe(result)}\n` });
}

/** Where a unit is before the wait. */
interface Now extends Reached {
  readonly run: number;
  /** Whether anybody has mentioned its name. */
  readonly isKnown: boolean;
}

/** Where the units are now. Whether a name that nobody has mentioned is an error is the wait's matter. */
async function statuses(agent: Agent, names: readonly string[]): Promise<Now[]> {
  return await Promise.all(
    names.slice(0, 50).map(async (unit): Promise<Now> => {
      const found = await findUnit(agent, unit);
      if (found.kind === 'unknown') return { unit, status: null, outcome: null, run: 0, isKnown: false };
      const { status, outcome, run } = found.info;
      return { unit, status, outcome, run, isKnown: true };
    }),
  );
}

interface Saying {
  readonly goal: Goal;
  readonly any: boolean;
  readonly io: Io;
  readonly answer: Answer;
}

function sayWhatFor(now: readonly Now[], { goal, any, io, answer }: Saying): void {
  const unmet = now.filter((unit) => !hasReached(unit, goal));
  const isMet = any ? unmet.length < now.length : unmet.length === 0;
  if (isMet) return;
  const which = any && unmet.length > 1 ? 'one of ' : '';
  answer.note(`Waits for ${which}${describeUnits(unmet)} to ${GOAL_VERBS[goal]}.`);
  const ownNotes = unmet.flatMap((unit) => ownUnitNote(unit, io.env) ?? []);
  // Of several units another one may be enough.
  if (!any || unmet.length === 1) for (const note of ownNotes.slice(0, 1)) answer.note(note);
}

function hasReached({ status, outcome }: Reached, goal: Goal): boolean {
  if (goal === 'succeeded') return outcome === 'succeeded';
  return goal === 'completed' ? outcome !== null : status === 'started' || outcome !== null;
}

function describe({ units, waitedMs }: Pick<Result<'sync.wait'>, 'units' | 'waitedMs'>): string {
  const met = units.filter((unit) => unit.met);
  const others = units.filter((unit) => !unit.met);
  const when = waitedMs === 0 ? 'at once' : `after ${formatDuration(waitedMs)}`;
  const rest = others.length === 0 ? '' : ` Not so far: ${describeUnits(others)}.`;
  return `Met ${when}: ${describeUnits(met)}.${rest}`;
}

function describeUnits(units: readonly Reached[]): string {
  return list(units.map((unit) => `${quote(unit.unit)} (${reached(unit)})`));
}
