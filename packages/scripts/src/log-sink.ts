import type { RunStart } from './report.ts';

/** One line that a script wrote. */
export interface LogLine extends Pick<RunStart, 'script' | 'unit' | 'run' | 'runId'> {
  /** `error` for what came on stderr, where the script's output is split; otherwise `info`. */
  readonly level: 'info' | 'error';
  /** When it was read, by the wall clock, in milliseconds since the epoch. */
  readonly at: number;
  /** Without the line feed; at most 64 KiB, then `…`. */
  readonly text: string;
}

/** Receives the output of scripts. A slow or broken sink loses lines, it never slows a script. */
export interface LogSink {
  /** Called with one batch at a time. A rejection loses the batch. */
  send(lines: readonly LogLine[]): void | Promise<void>;
  /** Called when the runner is disposed, after the last batch. */
  flush(): void | Promise<void>;
}

/** Ignores everything. */
export const noSink: LogSink = { send: () => undefined, flush: () => undefined };
