import { toUnitInfos } from '../unit-view.ts';
import type { Handler } from './handler.ts';

export const watch: Handler<'sync.watch'> = ({ since }, { units, caller, identity }) => {
  const { boot } = identity;
  const { seq } = units;
  const isTooOld = since !== undefined && units.eventsSince(since).kind === 'too_old';
  caller.watch(since === undefined || isTooOld ? seq : since);
  return { boot, seq, snapshot: isTooOld ? toUnitInfos(units) : null };
};
