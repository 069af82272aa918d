import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { CliError } from '../errors.ts';
import { whyAll, whyUnit } from '../render/why-text.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT, ANSWER_TIMEOUT_MS } from './agent-options.ts';
import { defineCommand } from './command.ts';

/** `muster why`. */
export const why = defineCommand({
  name: 'why',
  summary: 'Show what holds up a unit in the end, or everything that is held up',
  usage: ['why [UNIT]'],
  details: [
    'With UNIT: every way from it down to what has to happen first, the nearest first. A unit that runs is not the end of a way',
    'if its own work waits, in muster wait, start, run or lock. Without UNIT: who holds up whom, the one that holds up most',
    'first; every process that waits; and the locks that are held and waited for.',
  ],
  options: { timeout: ANSWER_TIMEOUT, ...AGENT_OPTIONS },
  examples: [
    { line: 'muster why api', note: 'what api waits for, down to the root' },
    { line: 'muster why', note: 'what holds up anything at all' },
    {
      line: `muster why --json | jq -r '.blockers[] | select(.isHopeless).unit'`,
      note: 'what nothing will ever release',
    },
  ],
  completes: 'one unit',
  async run({ names, options, io }) {
    const [unit, ...extra] = names;
    if (extra.length > 0) throw CliError.tooManyArguments('why', extra, 'why [UNIT]');
    await Agent.use({ options, io, defaultMs: ANSWER_TIMEOUT_MS }, async (agent) => {
      const result = await agent.call('sync.why', unit === undefined ? {} : { unit });
      const asked = result.unit;
      // A unit that waits for nothing may be what others wait for.
      const isRoot = asked !== null && result.blockers.length === 0;
      const { blockers: ranking } = isRoot ? await agent.call('sync.why', {}) : { blockers: [] };
      const now = io.now?.() ?? Date.now();
      new Answer(io, options).print(result, {
        text: (colors) =>
          asked === null ? whyAll(result, { colors, now }) : whyUnit(asked, result, { colors, now, ranking }),
      });
    });
  },
});
