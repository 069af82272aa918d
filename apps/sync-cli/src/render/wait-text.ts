import type { WaitInfo } from '@muster/socket/protocol';
import { ahead, lasting } from './elapsed.ts';
import { listNames, quote, visible } from './names.ts';

/** How far a unit has to come, as a verb. */
export const GOAL_VERBS = {
  started: 'start',
  completed: 'complete',
  succeeded: 'succeed',
} as const satisfies Record<NonNullable<WaitInfo['for']>, string>;

/** `muster wait (pid 12) waits for "db" to succeed, for 3s; it gives up in 4m57s`. */
export function describeWait(wait: WaitInfo, now: number): string {
  const { label, since, until } = wait;
  const end = until === null ? '' : `; it gives up${ahead(until, now)}`;
  return `${visible(label ?? 'a client')} ${describeAwaited(wait)}${lasting(since, now)}${end}`;
}

/** What is awaited: `waits for one of "a" and "b" to complete`. */
export function describeAwaited({ kind, awaits, awaitsTotal, any, startup, lock, ...wait }: WaitInfo): string {
  if (kind === 'start') return `waits to start ${listNames(awaits, awaitsTotal)}`;
  if (kind === 'run') return `runs ${listNames(awaits, awaitsTotal)}`;
  if (lock !== null) return `waits for the lock ${quote(lock)}`;
  const which = any && awaitsTotal > 1 ? 'one of ' : '';
  const units = `${which}${listNames(awaits, awaitsTotal)} to ${GOAL_VERBS[wait.for ?? 'completed']}`;
  const parts = [...(awaitsTotal === 0 ? [] : [units]), ...(startup ? ['the whole start to end'] : [])];
  return `waits for ${parts.join(' and ')}`;
}
