import { resolve } from 'node:path';
import { type Clock, systemClock } from './clock.ts';
import { openFileBudget } from './files/open-files.ts';
import { type LogSink, noSink } from './log/log-sink.ts';
import { type Logger, silentLogger } from './logger.ts';
import type { RunReport, RunStart } from './report.ts';
import { DEFAULT_RETENTION, type Retention } from './run/retention.ts';

/** How a runner runs its scripts. */
export interface ScriptRunnerOptions {
  /** Holds `runs/`, `logs/`, `data/` and `bin/`, each closed to other users. Made if missing. */
  readonly stateDir: string;
  /** Default: says nothing. */
  readonly logger?: Logger;
  /** What the environment of every script begins with, as it is when the runner is made. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For scripts without a `#!` line. Default `sh`. */
  readonly shell?: string;
  /** `MUSTER_SOCKET` of the scripts. */
  readonly socketPath?: string;
  /** Milliseconds between SIGTERM and SIGKILL. Default 10,000. */
  readonly graceMs?: number;
  /**
   * How many scripts may have a process at once; the time in the queue belongs to the run. Default: as many as can't run out of
   * open files, which is (7/8 of the soft limit - 64) / 4; so 208 where the limit is 1,024.
   */
  readonly concurrency?: number;
  readonly clock?: Clock;
  /** Receives what the scripts write, line by line. Default: the files are not read at all. */
  readonly sink?: LogSink;
  readonly retention?: Partial<Retention>;
  /** Is told of each run that starts. */
  readonly onStarted?: (start: RunStart) => void;
  /** Is told how each run went, also of those that never started. */
  readonly onReport?: (report: RunReport) => void;
}

/** {@link ScriptRunnerOptions} with every default filled in. */
export interface ResolvedOptions
  extends Required<Omit<ScriptRunnerOptions, 'env' | 'socketPath' | 'sink' | 'retention'>> {
  readonly env: Readonly<Record<string, string>>;
  readonly socketPath: string | undefined;
  readonly sink: LogSink;
  readonly retention: Retention;
  /** Whether anybody reads the lines. */
  readonly hasSink: boolean;
}

/** Fills in the defaults. */
export function resolveOptions(options: ScriptRunnerOptions): ResolvedOptions {
  return {
    logger: silentLogger,
    shell: 'sh',
    graceMs: 10_000,
    concurrency: openFileBudget().runs,
    clock: systemClock,
    onStarted: () => undefined,
    onReport: () => undefined,
    ...options,
    env: copyOf(options.env ?? process.env),
    stateDir: resolve(options.stateDir),
    socketPath: options.socketPath,
    sink: options.sink ?? noSink,
    hasSink: options.sink !== undefined,
    retention: { ...DEFAULT_RETENTION, ...options.retention },
  };
}

/** What lies behind `process.env` is the system's, which is asked for each name, each time. */
function copyOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
