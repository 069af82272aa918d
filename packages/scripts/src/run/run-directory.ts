import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePrivateDirectory } from '../files/private-directory.ts';
import type { RunStart } from '../report.ts';
import { cannot } from './failure-reason.ts';

/** What a run leaves behind for whoever has to find out what became of it; see SUPERVISOR for the rest of the files. */
export interface RunRecord extends RunStart {
  readonly logPath: string;
  /** Of stderr, where it has a file of its own. */
  readonly errorLogPath: string | null;
  readonly timeoutMs: number | null;
}

/**
 * Makes the directory of a run: `script` (the text, 0700) and `run.json` (the {@link RunRecord}).
 *
 * The text is a file, because on argv every user could read it, and 128 KiB would be the end.
 *
 * @returns The path of the script file.
 * @throws PreparationFailure
 */
export function createRunDirectory(directory: string, text: string, record: RunRecord): string {
  ensurePrivateDirectory(directory);
  const path = join(directory, 'script');
  try {
    writeFileSync(path, text, { mode: 0o700, flag: 'wx' });
    writeFileSync(join(directory, 'run.json'), `${JSON.stringify(record)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw cannot('write the script below', directory, error);
  }
  return path;
}
