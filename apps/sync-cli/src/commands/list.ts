import type { UnitInfo } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { CliError } from '../errors.ts';
import type { Palette } from '../render/color.ts';
import { cellName, visible } from '../render/names.ts';
import { type Cell, renderTable } from '../render/table.ts';
import { unitDetails, unitState } from '../render/unit-cells.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT, ANSWER_TIMEOUT_MS } from './agent-options.ts';
import { defineCommand } from './command.ts';

/** `muster list`. */
export const list = defineCommand({
  name: 'list',
  summary: 'Show all units, sorted by name',
  usage: ['list'],
  details: ['With --quiet it prints the names alone, one a line.'],
  options: { timeout: ANSWER_TIMEOUT, ...AGENT_OPTIONS },
  examples: [
    { line: 'muster list', note: 'a table' },
    { line: `muster list --json | jq -r '.[] | select(.outcome == "failed").unit'`, note: 'the units that failed' },
  ],
  completes: [],
  async run({ names, options, io }) {
    if (names.length > 0) throw CliError.tooManyArguments('list', names, 'list');
    await Agent.use({ options, io, defaultMs: ANSWER_TIMEOUT_MS }, async (agent) => {
      const { units } = await agent.call('sync.list', {});
      new Answer(io, options).print(units.map(listJson), {
        text: (colors) => (units.length === 0 ? 'No units yet.\n' : unitsTable(units, colors)),
        quiet: () => units.map(({ unit }) => `${visible(unit)}\n`).join(''),
      });
    });
  },
});

function listJson({ unit, status, outcome, ready, run, ...more }: UnitInfo): UnitInfo {
  return { unit, status, outcome, ready, run, ...more };
}

function unitsTable(units: readonly UnitInfo[], colors: Palette): string {
  const rows = units.map((info): Cell[] => {
    const state = unitState(info, colors);
    return [
      { text: cellName(info.unit) },
      state,
      { text: info.outcome ?? '-', ...(info.status === 'completed' && { paint: state.paint }) },
      { text: readyWord(info) },
      { text: String(info.run) },
      { text: unitDetails(info), paint: colors.faint },
    ];
  });
  return renderTable(['UNIT', 'STATUS', 'OUTCOME', 'READY', 'RUN', 'DETAILS'], rows);
}

/** A unit that is only named as a dependency has nothing to get ready for. */
function readyWord({ status, ready }: UnitInfo): string {
  if (status === null) return '-';
  return ready ? 'yes' : 'no';
}
