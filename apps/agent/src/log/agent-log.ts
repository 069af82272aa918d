import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogFormat, LogLevel } from '../command/options.ts';
import type { BoundedOutput } from './bounded-output.ts';

/** The agent's own log: pino, on standard error. */
export type AgentLog = Logger;

/** The log on an output: JSON lines or text for people. Says so when its reader was too slow to get every line. */
export async function openLog(
  output: BoundedOutput,
  options: { format: LogFormat; level: LogLevel; color: boolean },
): Promise<AgentLog> {
  const settings = { level: options.level, base: null, timestamp: stdTimeFunctions.isoTime };
  const log = pino(settings, options.format === 'json' ? output : await forPeople(output, options.color));
  output.whenLost((lost) => log.warn({ lost }, `${lost} lines of this log were left out: nobody read them in time`));
  return log;
}

/** Loaded only here: most agents run where nobody watches. */
async function forPeople(output: BoundedOutput, color: boolean): Promise<{ write(line: string): void }> {
  const lines = await import('./people-lines.ts');
  return lines.forPeople(output, color);
}
