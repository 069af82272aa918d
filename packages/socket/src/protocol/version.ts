/**
 * The version of the protocol, `major.minor`. A new field in an answer, a new method or a new error word raises the minor
 * number; a change that an existing client could notice otherwise raises the major one.
 *
 * History:
 * - 1.0: ping, cancel, sync.want, sync.start, sync.complete, sync.ready, sync.status, sync.list, sync.watch, sync.wait,
 *   sync.why, sync.waits, sync.lock, sync.unlock, sync.logs
 */
export const PROTOCOL_VERSION = '1.0';

/** Whether two versions of the protocol understand each other: a change that one could mistake raises the major number. */
export function isCompatible(ours: string, theirs: string): boolean {
  return ours.split('.')[0] === theirs.split('.')[0];
}
