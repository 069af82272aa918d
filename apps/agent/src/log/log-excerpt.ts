import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** How much of the end of a log is looked at, in bytes. */
const MAX_BYTES = 4096;

/** Longer lines are cut, in characters. */
const MAX_LINE = 200;

/** The last lines of a log file; none where it can't be read. Reads at most 4 KiB. */
export function lastLines(path: string, count: number): string[] {
  return readEnd(path)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line));
}

function readEnd(path: string): string {
  try {
    // A script may have put a FIFO or a link in the place of its log.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return endOf(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The excerpt is a convenience: the report already names the log and the exit code.
    return '';
  }
}

function endOf(descriptor: number): string {
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) return '';
  const buffer = Buffer.alloc(Math.min(MAX_BYTES, stat.size));
  const read = readSync(descriptor, buffer, 0, buffer.length, Math.max(0, stat.size - buffer.length));
  return buffer.subarray(0, read).toString('utf8');
}
