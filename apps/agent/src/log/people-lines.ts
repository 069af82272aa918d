import { prettyFactory } from 'pino-pretty';
import type { BoundedOutput } from './bounded-output.ts';
import { prettyLine } from './pretty-line.ts';

/** Turns the lines of the log into text for people, and writes that to an output. */
export function forPeople(output: BoundedOutput, color: boolean): { write(line: string): void } {
  const startedAt = Date.now();
  const toText = prettyFactory({
    colorize: color,
    ignore: 'level,time,pid,hostname,name',
    hideObject: true,
    messageFormat: (record, messageKey, ...[, { colors }]) =>
      prettyLine(record, String(record[messageKey] ?? ''), { startedAt, colors }),
  });
  return { write: (line) => output.write(toText(line)) };
}
