import type { NotificationParams, Result } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { formatDuration } from '../duration.ts';
import { listNames, quote } from '../render/names.ts';
import { describeUnmet } from '../render/sentences.ts';
import { unitArgument } from '../unit-argument.ts';
import { AGENT_OPTIONS } from './agent-options.ts';
import { defineCommand } from './command.ts';

/** How long `muster start` waits by default, in milliseconds; as in `coder exp sync start`. */
const START_TIMEOUT_MS = 5 * 60_000;

/** `muster start`. */
export const start = defineCommand({
  name: 'start',
  summary: 'Wait until the dependencies of a unit are met, then start it',
  usage: ['start [UNIT]'],
  details: [
    'The agent starts the unit in the same step in which its last dependency is met. A unit that is started already is',
    'left as it is; one that has completed begins its next run. UNIT may be left out inside a script of the agent.',
  ],
  options: {
    'no-wait': { summary: 'Start it now, or exit with 3 if a dependency is not met' },
    timeout: { value: 'TIME', summary: 'Give up waiting after this time, as in 30s or 1h30m; 0 = never; default 5m' },
    ...AGENT_OPTIONS,
  },
  examples: [
    { line: 'muster start api', note: 'block until api may start' },
    { line: 'muster start api --timeout 0', note: 'however long it takes' },
    { line: 'muster start api --no-wait || echo later', note: 'never block' },
  ],
  completes: 'one unit',
  async run({ names, options, io }) {
    const unit = unitArgument('start', names, io.env);
    const answer = new Answer(io, options);
    const onWaiting = waitingNotes((sentence) => answer.note(sentence));
    await Agent.use({ options, io, defaultMs: START_TIMEOUT_MS }, async (agent) => {
      const result = await agent.start({ unit, wait: !options['no-wait'] }, onWaiting);
      answer.print(result, { text: () => `${describe(result)}\n` });
    });
  },
});

/** Says what is awaited when the wait begins, and again whenever that has changed. */
function waitingNotes(note: (sentence: string) => void): (waiting: NotificationParams<'sync.waiting'>) => void {
  let last: string | undefined;
  return ({ unit, unmet, unmetTotal }) => {
    const awaited = describeUnmet(unmet, unmetTotal);
    if (unmet.length === 0 || awaited === last) return;
    note(`Unit ${quote(unit)} ${last === undefined ? 'waits' : 'still waits'} for ${awaited}.`);
    last = awaited;
  };
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
