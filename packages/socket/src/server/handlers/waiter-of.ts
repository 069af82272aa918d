import { parseUnitId } from '@muster/unit';
import type { Waiter } from '../coordination/waits.ts';
import type { Within } from '../coordination/within.ts';

interface WaitParams {
  readonly label?: string | null | undefined;
  readonly within?: Within | null | undefined;
  readonly timeoutMs: number;
}

/** Who waits, as a request says it. @throws UnitError `invalid_unit_id` for a run of what can't be a unit. */
export function waiterOf({ label = null, within = null, timeoutMs }: WaitParams): Waiter {
  if (within !== null) parseUnitId(within.unit);
  return { label, within, timeoutMs };
}
