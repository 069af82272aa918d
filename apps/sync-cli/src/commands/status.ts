import type { DependencyInfo, Result, UnitInfo } from '@muster/socket/protocol';
import { Agent } from '../agent.ts';
import { Answer } from '../answer.ts';
import { formatDuration } from '../duration.ts';
import type { Palette } from '../render/color.ts';
import { cellName, quote, visible } from '../render/names.ts';
import { type Cell, renderTable } from '../render/table.ts';
import { unitDetails, unitState } from '../render/unit-cells.ts';
import { unitArgument } from '../unit-argument.ts';
import { AGENT_OPTIONS, ANSWER_TIMEOUT, ANSWER_TIMEOUT_MS } from './agent-options.ts';
import { defineCommand } from './command.ts';

/** `muster status`. */
export const status = defineCommand({
  name: 'status',
  summary: 'Show one unit: how far it is, how it ended, and what it waits for',
  usage: ['status [UNIT]'],
  details: ['UNIT may be left out inside a script of the agent. With --quiet it prints the status alone, in one word.'],
  options: { timeout: ANSWER_TIMEOUT, ...AGENT_OPTIONS },
  examples: [
    { line: 'muster status api', note: 'the unit and its dependencies' },
    { line: 'test "$(muster status api --quiet)" = completed', note: 'branch on the status' },
    { line: 'muster status api --json', note: 'for programs' },
  ],
  completes: 'one unit',
  async run({ names, options, io }) {
    const unit = unitArgument('status', names, io.env);
    await Agent.use({ options, io, defaultMs: ANSWER_TIMEOUT_MS }, async (agent) => {
      const { dependencies, ...result } = await agent.call('sync.status', { unit });
      new Answer(io, options).print(statusJson(result, dependencies), {
        text: (colors) => unitText(result, colors) + dependenciesText(dependencies, colors),
        quiet: () => `${result.status ?? 'not registered'}\n`,
      });
    });
  },
});

function statusJson(result: UnitInfo, dependencies: readonly DependencyInfo[]): Result<'sync.status'> {
  const { unit, status, outcome, ready, run, ...more } = result;
  return { unit, status, outcome, ready, run, ...more, dependencies: [...dependencies] };
}

function unitText(result: UnitInfo, colors: Palette): string {
  const { status, outcome, run, ready, changedAt, owner, expectedMs } = result;
  const state = unitState(result, colors);
  const details = detailsAfterColon(result);
  const lines = [
    `Unit: ${colors.strong(quote(result.unit))}`,
    `Status: ${status === 'completed' ? state.text : state.paint(state.text)}${status === 'started' ? details : ''}`,
    `Outcome: ${status === 'completed' ? `${state.paint(outcome ?? '')}${details}` : (outcome ?? 'none yet')}`,
    `Ready: ${ready ? 'yes' : 'no'}${status === 'pending' ? details : ''}`,
    `Run: ${run}${owner ? ` (reported by ${visible(owner)})` : ''}`,
    `Changed: ${changedAt ?? 'never'}`,
    ...(expectedMs === null ? [] : [`Usually takes: ${formatDuration(expectedMs)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function detailsAfterColon(info: UnitInfo): string {
  const details = unitDetails(info);
  return details === '' ? '' : `: ${details}`;
}

function dependenciesText(dependencies: readonly DependencyInfo[], colors: Palette): string {
  if (dependencies.length === 0) return '\nDependencies: none\n';
  const rows = dependencies.map((dependency): Cell[] => [
    { text: cellName(dependency.dependsOn) },
    { text: dependency.requires },
    { text: dependency.status ?? 'not registered' },
    { text: dependency.outcome ?? '-' },
    dependency.satisfied ? { text: 'yes', paint: colors.good } : { text: 'no', paint: colors.busy },
  ]);
  const header = ['DEPENDS ON', 'REQUIRES', 'STATUS', 'OUTCOME', 'SATISFIED'];
  return `\nDependencies:\n${renderTable(header, rows)}`;
}
