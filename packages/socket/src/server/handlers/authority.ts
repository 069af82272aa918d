import { RequestError } from '../request-error.ts';
import type { Backend } from './handler.ts';

interface Claim {
  readonly unit: string;
  readonly token?: string | undefined;
  readonly force: boolean;
}

/**
 * Whether a report of a unit is made by force, against its owner.
 *
 * @throws RequestError `not_owner` for a unit of somebody else, unless the caller insists.
 */
export function isForced({ ownership }: Pick<Backend, 'ownership'>, { unit, token, force }: Claim): boolean {
  if (!ownership.isOwned(unit)) return false;
  if (token !== undefined && ownership.accepts(unit, token)) return false;
  if (!force) throw RequestError.notOwner(unit);
  return true;
}
