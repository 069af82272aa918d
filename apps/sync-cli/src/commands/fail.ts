import { authority, FORCE_OPTION } from '../authority.ts';
import { reportUnit } from '../report-unit.ts';
import { unitArgument } from '../unit-argument.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT } from './agent-options.ts';
import { defineCommand } from './command.ts';

/** `muster fail`. */
export const fail = defineCommand({
  name: 'fail',
  summary: 'Report that a unit failed',
  usage: ['fail [UNIT]'],
  details: [
    'The same as "muster complete --failed": what needs the unit is skipped. A unit that has completed already keeps its',
    'outcome, and the command says which one. UNIT may be left out inside a script of the agent.',
  ],
  options: {
    reason: { value: 'TEXT', summary: 'A few words for whoever asks why, 1000 characters at the most' },
    force: FORCE_OPTION,
    timeout: ANSWER_TIMEOUT,
    ...AGENT_OPTIONS,
  },
  examples: [
    { line: 'muster fail db --reason "no disk"', note: 'what needs db is skipped, and says why' },
    { line: 'curl -fsS "$URL" || muster fail', note: 'inside a script of the agent' },
  ],
  completes: 'one unit',
  async run({ names, options, io }) {
    const unit = unitArgument('fail', names, io.env);
    const { reason, force } = options;
    const report = { unit, outcome: 'failed', ...(reason !== undefined && { reason }) } as const;
    await reportUnit({ ...report, ...authority(force, io.env) }, { options, io, registers: false });
  },
});
