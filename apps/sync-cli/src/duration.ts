/** The longest duration, in milliseconds: what a timer of Node can hold, a little less than 25 days. */
const MAX_DURATION_MS = 24 * 86_400_000;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads `500ms`, `30s`, `5m`, `1h30m`, `1.5h` or `0` as milliseconds, rounded up; `null` for any other text and for more
 * than 24 days. A number without a unit is refused, except 0: `--timeout 30` may mean seconds to one and minutes to another.
 */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  if (!/^(\d{1,9}(\.\d{1,9})?(ms|s|m|h|d))+$/.test(text)) return null;
  let total = 0;
  for (const [, count = '', unit = ''] of text.matchAll(/([\d.]+)([a-z]+)/g))
    total += Number(count) * (UNIT_MS[unit] ?? 0);
  return total <= MAX_DURATION_MS ? Math.ceil(total) : null;
}

/** Milliseconds as people write them: `20ms`, `1.4s`, `12s`, `1m30s`, `2h5m`. */
export function formatDuration(ms: number): string {
  if (ms > 0 && ms < 1_000) return `${Math.round(ms)}ms`;
  if (ms < 10_000) return `${Number((ms / 1_000).toFixed(1))}s`;
  const seconds = Math.round(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  return ['h', 'm', 's'].map((unit, index) => (parts[index] ? `${parts[index]}${unit}` : '')).join('');
}
