import { readdirSync, readFileSync } from 'node:fs';

/**
 * Whether nothing goes on in the session of a process but waiting for it: every other process of the session is an ancestor, so each
 * waits for the next one, as shells do. A script of the agent has a session of its own. `false` where that can't be known.
 */
export function isAllOfItsSession(pid: number): boolean {
  const own = readProcess(pid);
  if (own === null) return false;
  const parents = parentsIn(own.session);
  const line = new Set<number>();
  for (let next: number | undefined = pid; next !== undefined && !line.has(next); next = parents.get(next))
    line.add(next);
  return [...parents.keys()].every((other) => line.has(other));
}

/** The parent of each process of a session. */
function parentsIn(session: number): Map<number, number> {
  const parents = new Map<number, number>();
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    const found = readProcess(pid);
    if (found?.session === session && found.state !== 'Z') parents.set(pid, found.parent);
  }
  return parents;
}

/** Fields 3, 4 and 6 of /proc/PID/stat. Field 2, a name in parentheses, may hold spaces and parentheses itself. */
function readProcess(pid: number): { state: string; parent: number; session: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', parent, , session] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent), session: Number(session) };
  } catch {
    return null; // It ended while we looked, or there is no /proc here.
  }
}
