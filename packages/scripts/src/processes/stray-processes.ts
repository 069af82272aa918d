import { readdirSync, readFileSync } from 'node:fs';
import { signalGroup, signalProcess } from './process-group.ts';

const NUL = Buffer.alloc(1);

/** How to recognise processes of scripts. */
export interface ProcessMark {
  /**
   * What entries of their environment begin with, as in `MUSTER_RUN_ID=20261122T`; with a NUL at its end, a whole entry.
   * Children that left the group (setsid, job control) still carry them.
   */
  readonly environment: readonly string[];
  /** The process group of the script, if it is known. */
  readonly group?: number | undefined;
  /** When the leader of the group was started (field 22 of /proc/PID/stat): with another start it is somebody else's. */
  readonly groupStart?: string | undefined;
  /** The supervisor, which is never meant. */
  readonly except?: number | undefined;
}

/** One process that carries a mark. */
export interface MarkedProcess {
  readonly pid: number;
  readonly group: number;
}

/**
 * The living processes of this user that carry the mark, zombies left out. About 2 ms for some hundred processes.
 *
 * Without /proc (macOS) only the group is known, and only whether somebody is in it: the result is then empty, or the
 * leader of the group.
 */
export function findProcesses(mark: ProcessMark): MarkedProcess[] {
  const pids = listPids();
  if (pids === null) return leaderOf(mark.group);
  const present = { ...mark, group: groupOf(mark) };
  return pids.filter((pid) => pid !== mark.except && pid !== process.pid).flatMap((pid) => inspect(pid, present) ?? []);
}

/** The group of the mark, unless its number is by now that of another one. */
export function groupOf({ group, groupStart }: ProcessMark): number | undefined {
  if (group === undefined || groupStart === undefined) return group;
  try {
    return readStat(group).start === groupStart ? group : undefined;
  } catch {
    return group; // Its leader is gone, but nobody gets its number as long as there is anybody in the group.
  }
}

function leaderOf(group: number | undefined): MarkedProcess[] {
  if (group === undefined) return [];
  if (signalGroup(group, 0)) return [{ pid: group, group }];
  return signalProcess(group, 0) ? [{ pid: group, group: -1 }] : [];
}

function listPids(): number[] | null {
  try {
    const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return names.length === 0 ? null : names.map(Number).filter((pid) => pid > 1);
  } catch {
    return null; // No /proc on this system.
  }
}

function inspect(pid: number, mark: ProcessMark): MarkedProcess | null {
  try {
    // Without a group to look for, the environment alone rules out nearly all: half as many files are read.
    if (mark.group === undefined && !carries(pid, mark.environment)) return null;
    const { state, group } = readStat(pid);
    if (state === 'Z' || state === 'X') return null;
    // A leader belongs to it even if it is yet to found it.
    return group === mark.group || pid === mark.group || carries(pid, mark.environment) ? { pid, group } : null;
  } catch {
    return null; // It ended while we looked, or belongs to somebody else.
  }
}

function carries(pid: number, entries: readonly string[]): boolean {
  // Only our own processes let us read this (unless we are root).
  const environment = Buffer.concat([NUL, readFileSync(`/proc/${pid}/environ`)]);
  return entries.every((entry) => environment.includes(`\0${entry}`));
}

function readStat(pid: number): { state: string | undefined; group: number; start: string | undefined } {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is a name in parentheses that may itself contain `) R 1`: only the last one ends it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], group: Number(fields[2]), start: fields[19] };
}
