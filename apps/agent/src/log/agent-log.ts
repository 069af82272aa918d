import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import type { LogFormat, LogLevel } from '../command/options.ts';
import { prettyLine } from './pretty-line.ts';

/** The agent's own log: pino, on standard error. */
export type AgentLog = Logger;

/**
 * The log on a file descriptor, JSON lines or text for people. Written at once, so that a crash loses nothing; a reader
 * that has gone away is not an error, since scripts must go on without it.
 */
export function openLog(options: { format: LogFormat; level: LogLevel; fd: number; color: boolean }): AgentLog {
  const output = destination({ dest: options.fd, sync: true });
  // EPIPE and EIO, when the reader or the terminal has gone: there is no other place to say it.
  output.on('error', () => undefined);
  const settings = { level: options.level, base: null, timestamp: stdTimeFunctions.isoTime };
  return pino(settings, options.format === 'json' ? output : forPeople(output, options.color));
}

function forPeople(output: DestinationStream & NodeJS.EventEmitter, color: boolean): DestinationStream {
  const startedAt = Date.now();
  return pretty({
    destination: output,
    sync: true,
    colorize: color,
    ignore: 'level,time,pid,hostname,name',
    hideObject: true,
    messageFormat: (record, messageKey, ...[, { colors }]) =>
      prettyLine(record, String(record[messageKey] ?? ''), { startedAt, colors }),
  });
}
