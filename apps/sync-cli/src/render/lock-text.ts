import type { LockInfo } from '@muster/socket/protocol';
import { lasting } from './elapsed.ts';
import { list, quote, visible } from './names.ts';

type Claims = LockInfo['holders'];

/** Who holds a lock or waits for it: `apt-get (pid 12), for 3s`. @param now Left out with `null`: for how long. */
export function describeClaims(claims: Claims, now: number | null): string {
  return list(claims.map((claim) => `${whose(claim)}${now === null ? '' : lasting(claim.since, now)}`));
}

/** One line for each lock, as `"apt" is held by apt-get (pid 12), for 3s; dpkg (pid 15) waits.` */
export function describeLock({ name, limit, holders, waiting }: LockInfo, now: number): string {
  const held = holders.length === 0 ? 'is free' : `is held by ${describeClaims(holders, now)}`;
  const shared = limit > 1 ? ` (${limit} at a time)` : '';
  const line = waiting.length === 0 ? '' : `; in line: ${describeClaims(waiting, now)}`;
  return `${quote(name)}${shared} ${held}${line}.`;
}

/** `apt-get (pid 12)`, or `apt-get (pid 12) of "install"` where it does the work of a unit. */
function whose({ label, unit }: Claims[number]): string {
  return `${visible(label ?? 'somebody')}${unit === null ? '' : ` of ${quote(unit)}`}`;
}
