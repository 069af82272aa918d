import { readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** How much of past runs is kept, per script. */
export interface Retention {
  /** Runs, with their logs. Default 20. */
  readonly runs: number;
  /** Bytes of all the logs together. Default 128 MiB. The oldest go first. */
  readonly totalBytes: number;
  /** Bytes of the output of one run, until it is cut in the middle. Default 16 MiB. */
  readonly bytesPerRun: number;
}

export const DEFAULT_RETENTION: Retention = {
  runs: 20,
  totalBytes: 128 * 1024 * 1024,
  bytesPerRun: 16 * 1024 * 1024,
};

/** Where to clean up, and what to spare. */
export interface PruneOptions {
  readonly runs: string;
  readonly logs: string;
  readonly retention: Retention;
  /** The log of a live run is never deleted, nor its directory. */
  isLive(runId: string): boolean;
}

/** Deletes the logs and directories of the oldest runs of one script until the rest is within `retention`. @returns whose */
export async function pruneRuns({ runs, logs, retention, isLive }: PruneOptions): Promise<string[]> {
  const logNames = list(logs).filter((name) => name.endsWith('.log'));
  const ids = new Set([...list(runs), ...logNames.map(runIdOf)]);
  const newestFirst = [...ids].sort().reverse();
  const deleted: string[] = [];
  if (newestFirst.length === 1) return deleted;
  let bytes = 0;
  for (const [index, runId] of newestFirst.entries()) {
    const files = logNames.filter((name) => runIdOf(name) === runId).map((name) => join(logs, name));
    bytes += totalSize(files);
    if (isLive(runId) || index === 0 || (index < retention.runs && bytes <= retention.totalBytes)) continue;
    for (const path of [...files, join(runs, runId)]) await rm(path, { recursive: true, force: true });
    deleted.push(runId);
  }
  return deleted;
}

function runIdOf(logName: string): string {
  return logName.slice(0, logName.indexOf('.'));
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // Scripts with a `logPath` have no directory of logs, and a run that failed early left none of runs.
  }
}

function totalSize(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}
