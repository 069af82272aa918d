import { parseUnitId, quote } from '@muster/unit';
import type { LockClaim } from '../coordination/locks.ts';
import type { RequestError } from '../request-error.ts';
import { tookTooLong } from '../unit-refusal.ts';
import type { Handler } from './handler.ts';
import { until } from './until.ts';
import { waiterOf } from './waiter-of.ts';
import { withTimeout } from './with-timeout.ts';

/** Takes a lock for the connection that asks, waiting in line for it. */
export const lock: Handler<'sync.lock'> = async (params, { caller, call, locks, waits, now }) => {
  const { name, limit, timeoutMs } = params;
  const waiter = waiterOf(params);
  parseUnitId(name); // What can be shown of a unit can be shown of a lock.
  const claim: LockClaim = { ...waiter, name, limit, holder: caller };
  const since = now();
  const waited = (): number => Math.round(now() - since);
  const onTimeout = (): RequestError =>
    tookTooLong(`lock ${quote(name)} is held by ${locks.holdersOf(name)}`, { waitedMs: waited() });
  try {
    await withTimeout({ timeoutMs, call, onTimeout }, (signal) =>
      until(signal, (resolve) => {
        locks.claim(claim, resolve); // It outlives its wait.
        return waits.begin(waiter, { kind: 'lock', lock: name });
      }),
    );
  } catch (error) {
    locks.release(claim);
    throw error;
  }
  return { name, holders: locks.holdersOf(name), limit, waitedMs: waited() };
};

/** Gives back what the connection holds, or leaves the line. */
export const unlock: Handler<'sync.unlock'> = ({ name }, { caller, locks }) => ({
  name,
  released: locks.releaseHeld(name, caller),
});
