import { join } from 'node:path';
import { fileNameFor } from './private-directory.ts';

/** Where a script keeps what. All are absolute paths. */
export interface ScriptPaths {
  /** One directory per run. */
  readonly runs: string;
  /** One log per run, and `latest`. */
  readonly logs: string;
  /** `MUSTER_SCRIPT_DATA_DIR`: the script's own, kept from run to run. */
  readonly data: string;
  /** `MUSTER_SCRIPT_BIN_DIR`: shared by all scripts, first on their `PATH`. */
  readonly bin: string;
}

/** `muster` and other commands for the scripts of a state directory belong here. */
export function binDirectory(stateDir: string): string {
  return join(stateDir, 'bin');
}

/** @param key What stays the same from run to run: the name of the unit, or the script's id where there is none. */
export function scriptPaths(stateDir: string, key: string): ScriptPaths {
  const name = fileNameFor(key);
  return {
    runs: join(stateDir, 'runs', name),
    logs: join(stateDir, 'logs', name),
    data: join(stateDir, 'data', name),
    bin: binDirectory(stateDir),
  };
}
