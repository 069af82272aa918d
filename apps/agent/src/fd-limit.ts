import { readFileSync } from 'node:fs';

/** How many files this process may have open; null where the system doesn't tell (no /proc) or there is no limit. */
export function fileDescriptorLimit(): number | null {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    // Only Linux has this file; the number is for information.
    return null;
  }
}
