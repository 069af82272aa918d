import { Cron, type CronOptions } from 'croner';

/** What may be wrong with a schedule. */
export type CronDefect = 'bad_cron' | 'impossible_cron' | 'bad_timezone';

/** `5/15` is no range in the strict reading, but every other cron takes it. */
const CRON_OPTIONS = { mode: '5-or-6-parts', sloppyRanges: true } as const satisfies CronOptions;

/** Whether a schedule can ever be due; `null` when it is fine. */
export function cronDefect(pattern: string, timezone?: string): CronDefect | null {
  if (timezone !== undefined && !isTimezone(timezone)) return 'bad_timezone';
  try {
    // 30 February is a valid pattern that is never due.
    return nextDue(pattern, timezone, new Date()) === null ? 'impossible_cron' : null;
  } catch {
    return 'bad_cron'; // The words of croner's errors are about its own internals.
  }
}

/**
 * When a schedule is next due after a moment; `null`: never again. Throws where {@link cronDefect} tells of something.
 *
 * Daylight saving is as in Vixie cron: a time that is skipped in spring is due once, right after the gap; one that comes
 * twice in autumn is due once; intervals such as every half hour just go on.
 */
export function nextDue(pattern: string, timezone: string | undefined, since: Date): Date | null {
  // Made anew each time: it holds 80 kB, and would hold them until the next year.
  return new Cron(pattern, timezone === undefined ? CRON_OPTIONS : { ...CRON_OPTIONS, timezone }).nextRun(since);
}

/** Whether this machine knows the time zone. */
function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // RangeError: that is the answer.
  }
}
