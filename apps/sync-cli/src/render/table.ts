import stringWidth from 'fast-string-width';
import { isPlain } from './plain-text.ts';

/** One cell: its text, and what to paint it with once its width is settled. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Columns two spaces apart, as wide as their widest cell on a terminal, without trailing spaces. */
export function renderTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [header.map((text): Cell => ({ text })), ...rows];
  const widths = header.map((_, column) => lines.reduce((widest, line) => Math.max(widest, width(line[column])), 0));
  return lines.map((line) => `${renderLine(line, widths)}\n`).join('');
}

function renderLine(line: readonly Cell[], widths: readonly number[]): string {
  const last = line.findLastIndex(({ text }) => text !== '');
  return line
    .slice(0, last + 1)
    .map((cell, column) => {
      const painted = cell.paint?.(cell.text) ?? cell.text;
      return column === last ? painted : painted + ' '.repeat((widths[column] ?? 0) - width(cell));
    })
    .join('  ');
}

function width(cell: Cell | undefined): number {
  if (cell === undefined) return 0;
  return isPlain(cell.text) ? cell.text.length : stringWidth(cell.text);
}
