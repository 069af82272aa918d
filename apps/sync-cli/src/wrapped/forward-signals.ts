import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

/** What somebody may send to us and mean for the command. Terminals, supervisors and people send these. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** What a key on a terminal sends to every process of the foreground at once, the command included. */
const FROM_KEYS: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

/** The forwarding, until it is disposed of. */
export interface Forwarding extends Disposable {
  /** Every signal that has come. */
  readonly received: ReadonlySet<NodeJS.Signals>;
}

/**
 * Passes signals on, and keeps them from ending this process. Ctrl+C has reached the command already when it reaches us;
 * passing it on would make it two, which many programs take for "at once".
 */
export function forwardSignals(send: (signal: NodeJS.Signals) => void): Forwarding {
  const received = new Set<NodeJS.Signals>();
  const forward = (signal: NodeJS.Signals): void => {
    received.add(signal);
    if (!FROM_KEYS.has(signal) || !isInForeground()) send(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return {
    received,
    [Symbol.dispose]() {
      for (const signal of FORWARDED) process.off(signal, forward);
    },
  };
}

/** Whether our process group is the one that the keys of our terminal signal: fields 5 and 8 of /proc/self/stat. */
function isInForeground(): boolean {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    // No /proc on this system: someone at a terminal is the likely case.
    return isatty(0);
  }
}
