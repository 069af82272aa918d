import stringWidth from 'fast-string-width';
import { CliError } from '../errors.ts';
import { visible } from '../render/names.ts';

/** One column of a table: its name in lower case, as `--column` takes it, and what it shows of a row. */
export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => string;
}

/** A table as `coder` prints it: every cell as wide as its column, two spaces after each, the last one included. */
export function coderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ name }) => name.toUpperCase()),
    ...rows.map((row) => columns.map(({ cell }) => visible(cell(row)))),
  ];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => stringWidth(line[column] ?? ''))));
  const pad = (text: string, column: number): string =>
    text + ' '.repeat((widths[column] ?? 0) - stringWidth(text) + 2);
  return lines.map((line) => `${line.map(pad).join('')}\n`).join('');
}

/**
 * The columns that `--column` names, in that order; all where it was not given.
 *
 * @param asked Each may hold several names, between commas.
 * @throws CliError `usage` where there is no such column.
 */
export function pickColumns<Row>(
  columns: readonly Column<Row>[],
  asked: readonly string[] | undefined,
): readonly Column<Row>[] {
  if (asked === undefined) return columns;
  const names = asked.flatMap((each) => each.split(',')).map((each) => each.trim().toLowerCase());
  return names.map((wanted) => {
    const column = columns.find(({ name }) => name === wanted);
    if (column !== undefined) return column;
    const known = columns.map(({ name }) => name).join(', ');
    throw CliError.dropInUsage('coder exp sync', `there is no column "${visible(wanted)}", only ${known}`);
  });
}
