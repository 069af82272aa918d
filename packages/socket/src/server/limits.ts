import { readFileSync } from 'node:fs';

/** What one client may use, so that none can hurt the others. */
export interface Limits {
  /** The longest request, in bytes, without its newline. Default 65,536. */
  readonly frameBytes: number;
  /** How long a request may take from its first byte to its newline, in milliseconds. Default 10,000. */
  readonly frameMs: number;
  /** Requests of one connection that wait for their answer. Default 64. */
  readonly requestsInFlight: number;
  /**
   * Connections at a time. Default: nine tenths of the files that the process may open, and 64 files fewer at the least, so
   * that those it has open itself, and one more to say that there are too many clients, always find room.
   */
  readonly connections: number;
  /** How long a closing server lets its clients read their last answers, in milliseconds. Default 1,000. */
  readonly closeMs: number;
}

/** Fills in what is left out. */
export function resolveLimits(limits: Partial<Limits> = {}): Limits {
  return {
    frameBytes: limits.frameBytes ?? 64 * 1024,
    frameMs: limits.frameMs ?? 10_000,
    requestsInFlight: limits.requestsInFlight ?? 64,
    connections: limits.connections ?? connectionsFor(openFilesLimit()),
    closeMs: limits.closeMs ?? 1_000,
  };
}

/** Files of the process that are not connections, at the least. */
const OTHER_FILES = 64;

function connectionsFor(openFiles: number): number {
  return Math.max(16, Math.min(Math.floor(openFiles * 0.9), openFiles - OTHER_FILES));
}

/** Where the system doesn't say: low enough for the 10,240 of macOS. */
const ASSUMED_OPEN_FILES = 4_096;

function openFilesLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? ASSUMED_OPEN_FILES : Number(soft);
  } catch {
    // No /proc here (macOS).
    return ASSUMED_OPEN_FILES;
  }
}
