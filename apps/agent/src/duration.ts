/** Milliseconds of one unit of time. */
const UNITS = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

/** The longest duration, in milliseconds: what a timer of Node can hold (2³¹ − 1 ms, 24.8 days). */
export const MAX_DURATION_MS = 2 ** 31 - 1;

/** Hours, minutes, seconds, milliseconds in this order, each at most once; or a bare 0. For the JSON Schema too. */
export const DURATION_PATTERN = /^(?:0|(?=.)(?:\d{1,6}h)?(?:\d{1,8}m(?!s))?(?:\d{1,8}s)?(?:\d{1,10}ms)?)$/;

/** Milliseconds of a duration such as `30s`, `5m`, `1h30m`, `500ms` or `0`; null where the text is none, or is too long a time. */
export function parseDuration(text: string): number | null {
  if (!DURATION_PATTERN.test(text)) return null;
  let total = 0;
  for (const [, digits = '0', unit] of text.matchAll(/(\d+)(h|ms|m|s)/g)) {
    total += Number(digits) * UNITS[unit as keyof typeof UNITS]; // The pattern has no other unit.
  }
  return total <= MAX_DURATION_MS ? total : null;
}

/** The duration as people write it: `1h30m`, `5m`, `30s`, `1.5s`, `250ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))}s`;
  const seconds = Math.round(ms / 1000);
  const parts = { h: Math.floor(seconds / 3600), m: Math.floor((seconds % 3600) / 60), s: seconds % 60 };
  return Object.entries(parts)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count}${unit}`)
    .join('');
}
