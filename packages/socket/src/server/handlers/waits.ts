import type { WaitInfo } from '../../protocol/shapes.ts';
import type { Handler } from './handler.ts';

/** How many waits an answer shows. */
const MAX_WAITS = 100;

/** Everybody who waits for an answer. */
export const waits: Handler<'sync.waits'> = (_params, backend) => shownWaits(backend.waits.all());

/** The first of them, and how many there are. */
export function shownWaits(all: readonly WaitInfo[]): { waits: WaitInfo[]; waitsTotal: number } {
  return { waits: all.slice(0, MAX_WAITS), waitsTotal: all.length };
}
