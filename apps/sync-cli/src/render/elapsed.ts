import { formatDuration } from '../duration.ts';

// Times of the agent in sentences, seen from `now`, in milliseconds since the epoch. Nothing is said where the clocks of the
// two sides disagree so that no time has passed, or where the time is not known.

/** `, for 3s`, or `, for 3s of usually 41s`. @param expectedMs How long it takes as a rule, where that is known. */
export function lasting(since: string | null, now: number, expectedMs: number | null = null): string {
  const ms = since === null ? 0 : now - Date.parse(since);
  if (ms <= 0) return expectedMs === null ? '' : `, usually for ${formatDuration(expectedMs)}`;
  return `, for ${formatDuration(ms)}${expectedMs === null ? '' : ` of usually ${formatDuration(expectedMs)}`}`;
}

/** ` 3s ago`. */
export function ago(since: string | null, now: number): string {
  const ms = since === null ? 0 : now - Date.parse(since);
  return ms > 0 ? ` ${formatDuration(ms)} ago` : '';
}

/** ` in 3s`. */
export function ahead(until: string, now: number): string {
  const ms = Date.parse(until) - now;
  return ms > 0 ? ` in ${formatDuration(ms)}` : '';
}
