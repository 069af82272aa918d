import { readFileSync } from 'node:fs';

/**
 * A process, told from a later one with the same pid by its start time. That is null where it can't be read, as on
 * systems without /proc (macOS): there a recycled pid is mistaken for the process.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string | null;
}

/** What {@link identifyProcess} asks of the system. */
export interface ProcessTable {
  /** Throws `ESRCH` where there is no such process, and `EPERM` where it is somebody else's. */
  signal(pid: number): void;
  /** The text of /proc/PID/stat. Throws where it can't be read. */
  readStat(pid: number): string;
}

const systemProcessTable: ProcessTable = {
  signal: (pid) => void process.kill(pid, 0),
  readStat: (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8'),
};

/** Who lives under a pid at this moment; `null`: nobody, or a zombie that only waits to be reaped. */
export function identifyProcess(pid: number, table: ProcessTable = systemProcessTable): ProcessIdentity | null {
  if (!exists(pid, table)) return null;
  const stat = statOf(pid, table);
  return stat?.state === 'Z' || stat?.state === 'X' ? null : { pid, startTime: stat?.startTime ?? null };
}

function exists(pid: number, table: ProcessTable): boolean {
  try {
    table.signal(pid);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // kill throws nothing else.
  }
}

/** Fields 3 and 22 of /proc/PID/stat. Field 2, a name in parentheses, may hold spaces and parentheses itself. */
function statOf(pid: number, table: ProcessTable): { state?: string; startTime?: string } | null {
  try {
    const text = table.readStat(pid);
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], fields[19]];
    return { ...(state === undefined ? {} : { state }), ...(startTime === undefined ? {} : { startTime }) };
  } catch {
    // Gone just now, which the next look tells; or no /proc, or no file left to open it with, which tells nothing.
    return null;
  }
}
