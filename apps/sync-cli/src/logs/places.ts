import { readSync } from 'node:fs';

const READ_BYTES = 64 * 1024;

// What the agent writes where it has cut a log: `marker` in packages/scripts/src/log/run-output.ts.
const MARKER_BEGIN = '\n[muster: ';
const MARKER = /^\n\[muster: (?:about (\d{1,15}) bytes were cut out here|some bytes may be missing here)\]\n/;

/** How long a marker may be. */
export const MARKER_BYTES = 100;

/** A line of the agent about bytes that are not in the file. */
export interface Marker {
  readonly at: number;
  readonly length: number;
  /** How many bytes are missing here. */
  readonly missing: number;
}

interface Part {
  readonly from: number;
  readonly to: number;
}

/** The markers that stand in these bytes as a whole. */
export function markersOf(bytes: Buffer): Marker[] {
  const markers: Marker[] = [];
  for (let at = bytes.indexOf(MARKER_BEGIN); at >= 0; at = bytes.indexOf(MARKER_BEGIN, at + 1)) {
    const match = MARKER.exec(bytes.toString('latin1', at, at + MARKER_BYTES));
    if (match !== null) markers.push({ at, length: match[0].length, missing: Number(match[1] ?? 0) });
  }
  return markers;
}

/** Those of a part of a file. */
export function markersIn(fd: number, { from, to }: Part): Marker[] {
  const buffer = Buffer.allocUnsafe(READ_BYTES + MARKER_BYTES);
  const markers: Marker[] = [];
  for (let start = from; start < to; start += READ_BYTES) {
    const length = readSync(fd, buffer, 0, Math.min(buffer.length, to - start), start);
    const found = markersOf(buffer.subarray(0, length)).filter(({ at }) => at < READ_BYTES);
    markers.push(...found.map((marker) => ({ ...marker, at: start + marker.at })));
  }
  return markers;
}

/** What a reader knows of what it has read. */
export interface Progress {
  /** Where the run begins in the file. */
  readonly start: number;
  /** How many bytes of the run it is behind, those that are known to be missing included. */
  readonly position: number;
  /** How many bytes it is behind the last marker; `null`: behind none. */
  readonly sinceMarker: number | null;
}

/** The progress of a reader that is at this offset of a file, behind these markers and no others. */
export function progressAt(offset: number, start: number, markers: readonly Marker[]): Progress {
  return advanced({ start, position: 0, sinceMarker: null }, { from: start, to: offset }, markers);
}

/** The progress after a part of the file in which these markers end. */
export function advanced({ start, ...before }: Progress, { from, to }: Part, markers: readonly Marker[]): Progress {
  const last = markers.at(-1);
  const ahead = markers.reduce((sum, { missing, length }) => sum + missing - length, 0);
  const since = before.sinceMarker === null ? null : before.sinceMarker + to - from;
  return {
    start,
    position: before.position + to - from + ahead,
    sinceMarker: last === undefined ? since : to - last.at - last.length,
  };
}

/** Where to go on in a log that was cut, if all counts are right. */
interface Place {
  readonly offset: number;
  /** The last marker before it, or the one that stands for what comes next; `null`: neither. */
  readonly marker: Marker | null;
}

/**
 * Where a reader goes on in a log that was cut since: at a marker, if what comes next is missing.
 *
 * The first marker is that of the cut. Another one stands for what the script wrote in that instant, and does not count all of it. But
 * what comes behind has been written since, so whoever has not read that marker has read nothing behind it.
 */
export function placeAfterCut(markers: readonly Marker[], { start, position, sinceMarker }: Progress): Place {
  let offset = start + position;
  const passed: Marker[] = [];
  for (const marker of markers) {
    if (offset <= marker.at) break;
    offset += marker.length - marker.missing;
    passed.push(marker);
    if (offset < marker.at + marker.length) return { offset: marker.at, marker };
  }
  const marker = passed.at(-1) ?? null;
  const isUnread = marker !== null && passed.length > 1 && offset - marker.at - marker.length !== sinceMarker;
  return { offset: isUnread ? marker.at : offset, marker };
}

/** The offset behind the bytes in a file that end nearest to `near`, and no further from it than `reach`; `null`: none do. */
export function nearestPlaceOf(
  bytes: Buffer,
  fd: number,
  { near, reach }: { readonly near: number; readonly reach: number },
): number | null {
  const start = Math.max(0, near - bytes.length - reach);
  const buffer = Buffer.allocUnsafe(near + reach - start);
  const there = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, start));
  const wanted = near - bytes.length - start;
  const found = [there.lastIndexOf(bytes, wanted), there.indexOf(bytes, wanted)].filter((at) => at >= 0);
  const [nearest] = found.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
  return nearest === undefined ? null : start + nearest + bytes.length;
}
