import { Cron, type CronOptions } from 'croner';

/** What may be wrong with a schedule. */
export type CronDefect = 'bad_cron' | 'impossible_cron' | 'bad_timezone';

/** `5/15` is no range in the strict reading, but every other cron takes it. */
export const CRON_OPTIONS = { mode: '5-or-6-parts', sloppyRanges: true } as const satisfies CronOptions;

/** Whether a schedule can ever be due; `null` when it is fine. */
export function cronDefect(pattern: string, timezone?: string): CronDefect | null {
  if (timezone !== undefined && !isTimezone(timezone)) return 'bad_timezone';
  try {
    // Never started: without a function, Cron only computes.
    const cron = new Cron(pattern, timezone === undefined ? CRON_OPTIONS : { ...CRON_OPTIONS, timezone });
    // 30 February is a valid pattern that is never due.
    return cron.nextRun() === null ? 'impossible_cron' : null;
  } catch {
    return 'bad_cron'; // The words of croner's errors are about its own internals.
  }
}

/** Whether this machine knows the time zone. */
function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // RangeError: that is the answer.
  }
}
