import { existsSync, readdirSync, readFileSync, readlinkSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** The text of a file, as soon as it has a whole line. */
export async function lineOf(path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const look = () => {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (text.endsWith('\n')) resolve(text.trim());
  };
  using watcher = watchDirectory(dirname(path), (name) => name === basename(path) && look());
  look();
  void watcher;
  return await promise;
}

function watchDirectory(directory: string, seen: (name: string | null) => void): Disposable {
  const watcher = watch(directory, (_, name) => seen(name));
  return { [Symbol.dispose]: () => watcher.close() };
}

/** Whether a process runs; a zombie doesn't. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** The files below a directory that this process has open, one for each descriptor. */
export function openFilesBelow(directory: string): string[] {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // The descriptor by which they were listed.
    }
  });
  return links.filter((path) => path.startsWith(directory));
}
