import { readFileSync } from 'node:fs';

/** What one client may use, so that none can hurt the others. */
export interface Limits {
  /** The longest request, in bytes, without its newline. Default 65,536. */
  readonly frameBytes: number;
  /** How long a request may take from its first byte to its newline, in milliseconds. Default 10,000. */
  readonly frameMs: number;
  /** Requests of one connection that wait for their answer. Default 64. */
  readonly requestsInFlight: number;
  /** Connections at a time. Default: nine tenths of the files that the process may open. */
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
    connections: limits.connections ?? Math.max(16, Math.floor(openFilesLimit() * 0.9)),
    closeMs: limits.closeMs ?? 1_000,
  };
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
