import { formatDuration } from '../duration.ts';
import { harmless } from '../harmless.ts';

/** The styles that a line uses. */
interface Colors {
  readonly dim?: (text: string) => string;
  readonly gray: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** The least width of the column of unit names, so that lines of short names align. */
const UNIT_WIDTH = 14;

/**
 * One record of the log for people: `+1.2s  install  started`, indented lines of output or of a table below it.
 * Escapes in it are made harmless.
 */
export function prettyLine(
  record: object,
  message: string,
  { startedAt, colors }: { startedAt: number; colors: Colors },
): string {
  const level = 'level' in record ? Number(record.level) : 30;
  const at = 'time' in record ? Date.parse(String(record.time)) : startedAt;
  const since = colors.gray(`+${formatElapsed(Math.max(0, at - startedAt))}`.padStart(8));
  const unit = 'unit' in record ? `${colors.bold(harmless(String(record.unit)).padEnd(UNIT_WIDTH))}  ` : '';
  const text = harmless(message);
  const shown = level >= 50 ? colors.red(text) : level >= 40 ? colors.yellow(text) : text;
  return [`${since}  ${unit}${shown}`, ...below(record)].join('\n');
}

/** Seconds with one digit, as long as that tells anything. */
function formatElapsed(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)}s` : formatDuration(ms);
}

function below(record: object): string[] {
  const lines = 'output' in record && Array.isArray(record.output) ? record.output : [];
  return lines.map((line) => `          | ${harmless(String(line))}`);
}
