import { readSync } from 'node:fs';

const READ_BYTES = 64 * 1024;
const LF = 0x0a;

/** Where the last `count` lines of a part of a file begin. A line feed at its end begins no further line. */
export function lastLinesFrom(fd: number, part: { readonly from: number; readonly to: number }, count: number): number {
  if (count === 0) return part.to;
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let left = count;
  for (let end = part.to; end > part.from; end = Math.max(part.from, end - READ_BYTES)) {
    const start = Math.max(part.from, end - READ_BYTES);
    const bytes = buffer.subarray(0, readSync(fd, buffer, 0, end - start, start));
    let before = end === part.to ? bytes.length - 1 : bytes.length;
    while (before > 0) {
      before = bytes.lastIndexOf(LF, before - 1);
      if (before >= 0) left -= 1;
      if (left === 0) return start + before + 1;
    }
  }
  return part.from;
}
