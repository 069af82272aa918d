import type { UnitManager } from '@muster/unit';
import type { Method, Notification, NotificationParams, Result } from '../../protocol/methods.ts';
import type { AgentIdentity } from '../agent-identity.ts';
import type { Call } from '../call.ts';
import type { CheckedParams } from '../check-params.ts';
import type { HeldRuns } from '../coordination/held-runs.ts';
import type { Leases } from '../coordination/leases.ts';
import type { Locks } from '../coordination/locks.ts';
import type { ProcessWatch } from '../coordination/process-watch.ts';
import type { Startup } from '../coordination/startup.ts';
import type { UnitOwnership } from '../coordination/unit-ownership.ts';
import type { Waits } from '../coordination/waits.ts';
import type { RunLogs } from '../run-logs.ts';
import type { SocketLogger } from '../socket-logger.ts';
import type { UnitViews } from '../unit-view.ts';

/** What every handler may use, whichever connection asks. */
export interface Backend {
  readonly units: UnitManager;
  /** Every name that someone has mentioned. */
  readonly names: Iterable<string>;
  readonly identity: AgentIdentity;
  readonly state: () => string;
  readonly socket: string;
  readonly logger: SocketLogger;
  /** Milliseconds from any beginning. */
  readonly now: () => number;
  readonly ownership: UnitOwnership;
  readonly leases: Leases;
  readonly held: HeldRuns;
  readonly processes: ProcessWatch;
  readonly locks: Locks;
  readonly waits: Waits;
  readonly views: UnitViews;
  readonly startup: Startup;
  readonly runLogs: RunLogs;
}

/** What a handler may do with the connection that asks. */
export interface Caller {
  /** Sends a notification, unless the client reads too slowly: then it is left out. */
  notify<N extends Notification>(name: N, params: NotificationParams<N>): void;
  /** Sends the events after `seq`, after the answer of this request, until the connection ends. */
  watch(seq: number): void;
  /** Gives up another request of the connection. @returns whether there is such a one. */
  cancel(id: string | number): boolean;
  /** Calls back once when the connection ends by whatever means; at once if it has. Dispose of the result to stop. */
  onEnd(action: () => void): Disposable;
}

/** Carries out one request. Throws a `RequestError` or a `UnitError` to refuse it. */
export type Handler<M extends Method> = (
  params: CheckedParams<M>,
  context: Backend & { readonly caller: Caller; readonly call: Call },
) => Result<M> | Promise<Result<M>>;
