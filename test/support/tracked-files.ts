import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of the whole repository. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Every file that git has or would take, as paths from the root with forward slashes, sorted. */
export function trackedFiles(pattern: RegExp = /./): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const present = listed.split('\0').filter((file) => file !== '' && existsSync(path.join(ROOT, file)));
  return [...new Set(present)].filter((file) => pattern.test(file)).sort();
}

/** The text of a file given by its path from the root. */
export function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** Whether the path from the root exists. */
export function exists(file: string): boolean {
  return existsSync(path.join(ROOT, file));
}
