import { readSync } from 'node:fs';

const READ_BYTES = 64 * 1024;

/** How long a line of the agent about missing bytes may be. */
const MARKER_BYTES = 100;

/** What the agent writes where it has cut a log. */
const MARKER = /\n\[muster: about (\d+) bytes were cut out here\]\n/g;

interface Part {
  readonly from: number;
  readonly to: number;
}

/** The position behind the last place in a part of a file where these bytes stand; `null`: nowhere. */
export function lastPlaceOf(bytes: Buffer, fd: number, { from, to }: Part): number | null {
  const buffer = Buffer.allocUnsafe(READ_BYTES + bytes.length);
  for (let end = to; end - from >= bytes.length; end -= READ_BYTES) {
    const start = Math.max(from, end - buffer.length);
    const length = readSync(fd, buffer, 0, end - start, start);
    const at = buffer.subarray(0, length).lastIndexOf(bytes);
    if (at >= 0) return start + at + bytes.length;
  }
  return null;
}

/**
 * Where a log was cut that had been read up to `position` before: the line about it stands at the end of what stayed, and the missing
 * bytes reach beyond the position. `null`: it was not cut by the agent.
 */
export function placeOfCut(fd: number, { from, to }: Part, position: number): number | null {
  const buffer = Buffer.allocUnsafe(READ_BYTES + MARKER_BYTES);
  for (let start = from; start < Math.min(to, position); start += READ_BYTES) {
    const length = readSync(fd, buffer, 0, Math.min(buffer.length, to - start), start);
    for (const match of buffer.toString('latin1', 0, length).matchAll(MARKER)) {
      const at = start + match.index;
      if (at <= position && at + Number(match[1]) > position) return at;
    }
  }
  return null;
}
