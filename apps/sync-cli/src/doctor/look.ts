import { lstatSync, type Stats } from 'node:fs';

/** What is at a path, links not followed: its stats, `null` for nothing, or the system's word for why it can't be seen. */
export function look(path: string): Stats | string | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'; // node:fs throws nothing else.
  }
}

/** Whether a file is this user's. Systems without users have only one. */
export function isOurs({ uid }: Stats): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

/** The mode as chmod takes it: `0755`. */
export function modeOf({ mode }: Stats): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/** What a file is, in words. */
export function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isSocket()) return 'a socket';
  return stats.isFile() ? 'a file' : 'a special file';
}
