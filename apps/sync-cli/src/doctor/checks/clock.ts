import { formatDuration } from '../../duration.ts';
import { type Check, ok, problem, unknown } from '../finding.ts';

/** What two readings of one clock may differ by, in milliseconds. */
const TOLERANCE_MS = 1_000;

/** Whether the clock has been set back since the agent started. */
export const clockCheck: Check = {
  id: 'clock',
  run: ({ contact, now }) => {
    if (contact.kind === 'failed') return unknown('No agent answers whose clock could be compared.');
    const startedAt = Date.parse(contact.answer.startedAt);
    if (Number.isNaN(startedAt)) return unknown('The agent does not say when it started.');
    if (startedAt <= now + TOLERANCE_MS) return ok(`The agent started ${formatDuration(now - startedAt) || '0s'} ago.`);
    return problem(
      `The agent started ${formatDuration(startedAt - now)} in the future: the clock was set back since then.`,
      'Times and cron runs are off until the clock is right (see "timedatectl"); then start the agent again.',
    );
  },
};
