import { readFileSync } from 'node:fs';
import { type Check, type Finding, ok, unknown, warning } from '../finding.ts';

/** Each waiting client takes one; systems give 1,024 by default. */
const LEAST = 1_024;

/** How many files the agent may have open, which is how many can wait at once. */
export const fileLimitCheck: Check = {
  id: 'file-limit',
  run: ({ contact }) => {
    const pid = contact.kind === 'answered' ? contact.answer.pid : null;
    const ofAgent = pid === null ? null : readLimits(`/proc/${pid}/limits`);
    const limits = ofAgent ?? readLimits('/proc/self/limits');
    if (limits === null) return unknown('The system does not say how many files may be open.');
    return judgeFileLimit(limits, ofAgent === null ? 'A process started here' : 'The agent');
  },
};

/** What a limits file of /proc means. */
export function judgeFileLimit(limits: string, who: string): Finding {
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
  if (soft === undefined) return unknown('The system does not say how many files may be open.');
  if (soft !== 'unlimited' && Number(soft) < LEAST)
    return warning(
      `${who} may open only ${soft} files, so hardly more clients can wait at once.`,
      `Raise the limit before the agent starts: ulimit -n ${LEAST * 4}`,
    );
  return ok(`${who} may open ${soft === 'unlimited' ? 'any number of' : soft} files.`);
}

function readLimits(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Only Linux has /proc, and the agent may run in another container.
    return null;
  }
}
