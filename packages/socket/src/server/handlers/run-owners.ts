import type { CheckedParams } from '../check-params.ts';
import type { LeaseOwner } from '../coordination/leases.ts';
import type { ProcessIdentity } from '../coordination/process-identity.ts';
import { RequestError } from '../request-error.ts';
import type { Backend, Caller } from './handler.ts';

/** Who answers for a run by being there, and how people are told of them. */
export interface RunOwners {
  /** Of a start that names its owner; otherwise nobody answers for it. */
  readonly description?: string;
  readonly owners: readonly LeaseOwner[];
  /** Whether the connection is one of them. */
  readonly isHeld: boolean;
  /** The process that must live for the run to go on; `null`: none was named. */
  readonly process: ProcessIdentity | null;
}

type Context = Pick<Backend, 'processes'> & { readonly caller: Caller };

/**
 * The owners that a start names with `hold` and `pid`. The process is looked up now, so that a later one with the same
 * pid is not taken for it, however long the start waits.
 *
 * @throws RequestError `invalid_params` for a pid that no process has.
 */
export function ownersOf({ hold, pid, label }: CheckedParams<'sync.start'>, { caller, processes }: Context): RunOwners {
  const process = pid === undefined ? null : processes.find(pid);
  if (pid !== undefined && process === null) throw RequestError.noSuchProcess(pid);
  const connection: LeaseOwner = { farewell: 'its connection ended', onEnd: (action) => caller.onEnd(action) };
  const owners: LeaseOwner[] = hold ? [connection] : [];
  if (process === null)
    return { owners, isHeld: hold, process, ...(hold ? { description: label ?? 'a connection that is held' } : {}) };
  owners.push({ farewell: `process ${pid} ended`, onEnd: (action) => processes.watch(process, action) });
  return { owners, isHeld: hold, process, description: `process ${pid}` };
}
