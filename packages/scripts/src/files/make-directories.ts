import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory, 0700, with whatever is missing above it. Not with Node's `recursive`: that never returns where a parent
 * that exists says that it doesn't, as /proc does (seen with Node 26.10).
 *
 * @throws an Error with `code`, as `mkdirSync` does
 */
export function makeDirectories(path: string): void {
  if (tryMake(path)) return;
  makeDirectories(dirname(path));
  if (!tryMake(path)) mkdirSync(path); // Its parent is there now, so this says what is wrong.
}

/** @returns false where a directory above is missing. */
function tryMake(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // node:fs throws nothing else.
    if (code === 'EEXIST' && statSync(path).isDirectory()) return true;
    if (code === 'ENOENT' && dirname(path) !== path) return false;
    throw error;
  }
}
