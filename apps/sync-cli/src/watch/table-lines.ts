import stringWidth from 'fast-string-width';
import type { Cell } from '../render/table.ts';
import { type Board, namedOnly, type WatchedUnit } from './board.ts';
import { cut } from './cut.ts';
import { type RowView, STATE_WORDS, STATES, stateOf, unitRow } from './unit-row.ts';

/** What the table is made for. */
export interface TableView extends RowView {
  /** The units to show; empty for all. */
  readonly names: ReadonlySet<string>;
  /** Columns of the terminal; no line is wider. */
  readonly width: number;
  /** How many lines there may be; units that most need an eye stay when it is too few. */
  readonly height: number;
}

/** The widest that names may get, as a share of the terminal. */
const NAME_SHARE = 0.4;

const HEADER: readonly Cell[] = ['UNIT', 'STATE', 'TIME', 'DETAILS'].map((text) => ({ text }));

/** The table as lines: counts, header, one line for each unit. Names and reasons are harmless in it. */
export function tableLines(board: Board, view: TableView): string[] {
  const units = shownUnits(board, view.names);
  const room = Math.max(1, view.height - 2);
  const fitting = units.length <= room ? units : mostUrgent(units, room - 1);
  const rows = fitting.map((unit) => unitRow(unit, view));
  const lines = [cut(counts(units), view.width)];
  if (units.length > 0) lines.push(...layOut([HEADER, ...rows], view.width));
  const left = units.length - fitting.length;
  if (left > 0)
    lines.push(view.colors.faint(cut(`… and ${left} more: make the window taller, or name units.`, view.width)));
  return lines.slice(0, Math.max(1, view.height));
}

/** The units of a view, sorted by name. Names asked for are there even while nobody has mentioned them. */
export function shownUnits({ units }: Board, names: ReadonlySet<string>): WatchedUnit[] {
  const shown = names.size === 0 ? [...units.values()] : [...names].map((name) => units.get(name) ?? namedOnly(name));
  return shown.sort((a, b) => (a.unit < b.unit ? -1 : 1));
}

/** `4 units: 1 started, 3 succeeded`. */
export function counts(units: readonly WatchedUnit[]): string {
  if (units.length === 0) return 'No units yet.';
  const found = Map.groupBy(units, stateOf);
  const parts = STATES.flatMap((state) => {
    const count = found.get(state)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${STATE_WORDS[state].word}`];
  });
  return `${units.length} ${units.length === 1 ? 'unit' : 'units'}: ${parts.join(', ')}`;
}

function mostUrgent(units: readonly WatchedUnit[], count: number): WatchedUnit[] {
  const ranked = units
    .map((unit, index) => ({ index, unit, rank: STATES.indexOf(stateOf(unit)) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index);
  return ranked
    .slice(0, Math.max(0, count))
    .sort((a, b) => a.index - b.index)
    .map(({ unit }) => unit);
}

function layOut(rows: readonly (readonly Cell[])[], width: number): string[] {
  const limits = HEADER.map((_, column) => {
    const widest = rows.reduce((most, row) => Math.max(most, stringWidth(row[column]?.text ?? '')), 0);
    return column === 0 ? Math.min(widest, Math.max(8, Math.floor(width * NAME_SHARE))) : widest;
  });
  return rows.map((row) => layOutRow(row, limits, width));
}

function layOutRow(row: readonly Cell[], limits: readonly number[], width: number): string {
  const last = row.findLastIndex(({ text }) => text !== '');
  let line = '';
  let left = width;
  for (const [column, cell] of row.slice(0, last + 1).entries()) {
    const text = cut(cell.text, Math.min(left, limits[column] ?? 0));
    line += cell.paint?.(text) ?? text;
    const gap = (limits[column] ?? 0) - stringWidth(text) + 2;
    left -= stringWidth(text) + gap;
    if (column === last || left <= 0) break;
    line += ' '.repeat(gap);
  }
  return line;
}
