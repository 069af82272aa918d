import { formatDuration } from '../duration.ts';
import type { Palette } from '../render/color.ts';
import { cellName, list, listNames, visible } from '../render/names.ts';
import { describeCauses, endingDetails } from '../render/sentences.ts';
import type { Cell } from '../render/table.ts';
import { describeAwaited } from '../render/wait-text.ts';
import type { WatchedUnit } from './board.ts';
import type { Prospect } from './outlook.ts';

/** Every state that a unit can be in, the one that most needs a person's eye first. */
export const STATES = [
  'started',
  'failed',
  'timed_out',
  'pending',
  'not_registered',
  'canceled',
  'skipped',
  'succeeded',
] as const;
export type State = (typeof STATES)[number];

/** How each state is named, and told apart without colour. */
export const STATE_WORDS: Readonly<Record<State, { readonly mark: string; readonly word: string }>> = {
  started: { mark: '▸', word: 'started' },
  failed: { mark: '✗', word: 'failed' },
  timed_out: { mark: '✗', word: 'timed out' },
  pending: { mark: '·', word: 'pending' },
  not_registered: { mark: '?', word: 'not registered' },
  canceled: { mark: '-', word: 'canceled' },
  skipped: { mark: '-', word: 'skipped' },
  succeeded: { mark: '✓', word: 'succeeded' },
};

/** The state of a unit: its outcome once it has completed. */
export function stateOf({ status, outcome }: Pick<WatchedUnit, 'status' | 'outcome'>): State {
  if (status === null) return 'not_registered';
  return status === 'completed' && outcome !== null ? outcome : status === 'completed' ? 'succeeded' : status;
}

/** What a row is made for. */
export interface RowView {
  /** In milliseconds since the epoch. */
  readonly now: number;
  readonly colors: Palette;
  readonly prospectOf: (unit: string) => Prospect;
}

/** One unit as cells: name, state, time, details. */
export function unitRow(unit: WatchedUnit, { now, colors, prospectOf }: RowView): Cell[] {
  const prospect = prospectOf(unit.unit);
  const state = stateOf(unit);
  const { mark, word } = STATE_WORDS[state];
  return [
    { text: cellName(unit.unit) },
    { text: `${mark} ${word}`, paint: paintOf(state, colors) },
    { text: elapsed(unit, now, prospect) },
    { text: details(unit, prospect), paint: colors.faint },
  ];
}

/** How long the latest run took, or has taken so far: `12s of 41s` where it takes 41s as a rule. Empty where it is not known. */
export function elapsed(
  { status, startedAt, changedAt }: WatchedUnit,
  now: number,
  { expectedMs }: Pick<Prospect, 'expectedMs'>,
): string {
  if (startedAt === null || changedAt === null) return '';
  if (status === 'completed') return formatDuration(between(startedAt, Date.parse(changedAt)));
  const soFar = formatDuration(Math.floor(between(startedAt, now) / 1_000) * 1_000);
  return expectedMs === null || soFar === '' ? soFar : `${soFar} of ${formatDuration(expectedMs)}`;
}

/** What there is to say beyond the state: what it or its work waits for, why it was skipped, how it failed. */
function details(unit: WatchedUnit, { waits }: Prospect): string {
  if (unit.note !== null) return visible(unit.note);
  if (unit.status === 'pending' && unit.waitingFor.size > 0) {
    return `waits for ${listNames([...unit.waitingFor.keys()].sort())}`;
  }
  if (unit.status === 'started' && waits.length > 0) return `its work ${list(waits.map(describeAwaited))}`;
  if (unit.status !== 'completed') return '';
  return unit.causes.length > 0 ? describeCauses(unit.causes) : endingDetails(unit);
}

/** The agent's clock may be a little ahead of this process's. */
function between(startedAt: string, end: number): number {
  return Math.max(0, end - Date.parse(startedAt));
}

function paintOf(state: State, colors: Palette): (text: string) => string {
  if (state === 'succeeded') return colors.good;
  if (state === 'failed' || state === 'timed_out') return colors.bad;
  if (state === 'started') return colors.busy;
  return state === 'pending' ? (text) => text : colors.faint;
}
