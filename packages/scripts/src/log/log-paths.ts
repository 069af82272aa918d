import { renameSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Script } from '../script.ts';

/** Where a run writes to. */
export interface LogPaths {
  readonly path: string;
  /** `null` where stdout and stderr share a file. */
  readonly errorPath: string | null;
  /** Whether the files belong to this run alone. */
  readonly perRun: boolean;
}

/** `RUN.log` below `directory`, with `RUN.err.log` beside it where the output is split; or the script's exact file. */
export function logPaths(script: Script, directory: string, runId: string): LogPaths {
  const perRun = script.logPath === undefined;
  const stem = script.logPath === undefined ? join(directory, runId) : resolve(script.logPath);
  const path = perRun ? `${stem}.log` : stem;
  const errorPath = perRun ? `${stem}.err.log` : `${stem}.err`;
  return { path, errorPath: script.output === 'split' ? errorPath : null, perRun };
}

/** Lets `latest` in the log's directory point to it, by rename, so that it is never missing in between. */
export function linkLatest(path: string): void {
  const link = join(dirname(path), 'latest');
  const temporary = `${link}.${basename(path)}`;
  symlinkSync(basename(path), temporary);
  renameSync(temporary, link);
}
