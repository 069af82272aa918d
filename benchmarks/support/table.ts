import { noteVerdicts } from './summary.ts';

/** A row of a table: column → text. All rows have the columns of the first, in its order. */
export type Row = Readonly<Record<string, string | number>>;

/** Prints a heading and a table in Markdown, as docs/performance.md has them. What the column `goal` says goes into the summary. */
export function printTable(title: string, rows: readonly Row[]): void {
  for (const row of rows) noteVerdicts(title, row);
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  console.log([`\n### ${title}\n`, lines[0], rule, ...lines.slice(1)].join('\n'));
}
