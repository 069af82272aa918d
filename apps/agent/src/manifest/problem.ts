import { harmless } from '../harmless.ts';

/** The way to a value in the manifest: keys of maps and indexes of lists. */
export type ManifestPath = readonly (string | number)[];

/** One thing that is wrong with a manifest. */
export interface ManifestProblem {
  /** As the file was named by whoever asked for it. */
  readonly file: string;
  /** Counted from 1; absent where the file as a whole is meant. */
  readonly line?: number;
  /** In UTF-16 units, counted from 1. */
  readonly column?: number;
  /** What is wrong, without the place. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The line of the file, as it is; absent where it could hold a secret. */
  readonly source?: string;
}

/** Source lines are shown up to this many characters. */
const MAX_SOURCE = 160;

/** `file:line:column: message`, then the source line with a caret, then what to do. For people; escapes are made harmless. */
export function renderProblem(problem: ManifestProblem): string {
  return [`${placeOf(problem)}: ${problem.message}`, ...sourceLines(problem), ...hintLines(problem)].join('\n');
}

function placeOf({ file, line, column }: ManifestProblem): string {
  const name = harmless(file);
  return line === undefined ? name : `${name}:${line}:${column ?? 1}`;
}

function sourceLines({ source, line, column }: ManifestProblem): string[] {
  if (source === undefined || line === undefined || column === undefined || column > MAX_SOURCE) return [];
  const number = String(line).padStart(5);
  const caret = `${' '.repeat(number.length)} | ${' '.repeat(harmless(source.slice(0, column - 1)).length)}^`;
  return [`${number} | ${harmless(source.slice(0, MAX_SOURCE))}`, caret];
}

function hintLines({ hint }: ManifestProblem): string[] {
  return hint === undefined ? [] : [`      ${hint}`];
}
