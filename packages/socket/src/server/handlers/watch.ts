import type { Handler } from './handler.ts';

/** Streams the events; a reader that comes too late for some of them gets the state of all units with the answer. */
export const watch: Handler<'sync.watch'> = ({ since }, { units, views, caller, identity }) => {
  const { boot } = identity;
  const { seq } = units;
  const isTooOld = since !== undefined && units.eventsSince(since).kind === 'too_old';
  caller.watch(since === undefined || isTooOld ? seq : since);
  return { boot, seq, snapshot: isTooOld ? views.all() : null };
};
