import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a program that only its owner may run. It is put in place by rename: a script of an agent with the same state
 * directory may be about to run the one that is there.
 *
 * @throws the error of the file system.
 */
export function writeExecutable(path: string, text: string): void {
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o700, flag: 'wx' });
  renameSync(temporary, path);
}
