import type { Duplex } from 'node:stream';
import type { UnitManager } from '@muster/unit';
import type { AgentIdentity } from './agent-identity.ts';
import { Connection } from './connection.ts';
import { HeldRuns } from './coordination/held-runs.ts';
import { Leases } from './coordination/leases.ts';
import { Locks } from './coordination/locks.ts';
import { ProcessWatch } from './coordination/process-watch.ts';
import { isAllOfItsSession } from './coordination/session.ts';
import { Startup, type StartupOptions } from './coordination/startup.ts';
import type { UnitOwnership } from './coordination/unit-ownership.ts';
import { Waits } from './coordination/waits.ts';
import { Dispatcher } from './dispatcher.ts';
import { KnownNames } from './known-names.ts';
import type { Limits } from './limits.ts';
import { RequestError } from './request-error.ts';
import type { RunLogs } from './run-logs.ts';
import type { SocketLogger } from './socket-logger.ts';
import { UnitViews } from './unit-view.ts';
import { refusalLine } from './wire-messages.ts';

export interface ServiceOptions {
  readonly identity: AgentIdentity;
  readonly state: () => string;
  readonly logger: SocketLogger;
  readonly limits: Limits;
  readonly ownership: UnitOwnership;
  readonly startup: StartupOptions;
  readonly expectedMs: (unit: string) => number | null;
  readonly runLogs: RunLogs;
  /** The path that `ping` names. */
  readonly socket: string;
  /** Milliseconds from any beginning, for measuring how long a request waited. Default: the system's monotonic clock. */
  readonly monotonicNow?: () => number;
  /** Milliseconds since the epoch, for the times of locks and waits. Default: the system's clock. */
  readonly now?: () => number;
  /** Default: looks at the processes of this system. */
  readonly processes?: ProcessWatch;
}

/** Serves one manager to any number of streams, wherever they come from. */
export class Service implements AsyncDisposable {
  readonly #options: ServiceOptions;
  readonly #names: KnownNames;
  readonly #dispatcher: Dispatcher;
  readonly #units: UnitManager;
  readonly #processes: ProcessWatch;
  readonly #leases: Leases;
  readonly #views: UnitViews;
  readonly #connections = new Set<Connection>();
  #closing: Promise<void> | null = null;

  constructor(units: UnitManager, options: ServiceOptions) {
    this.#options = options;
    this.#units = units;
    this.#names = new KnownNames(units);
    this.#processes = options.processes ?? new ProcessWatch();
    this.#leases = new Leases(units);
    const now = options.now ?? Date.now;
    const locks = new Locks(units, now);
    const startup = new Startup(options.startup);
    const waits = new Waits({ units, locks, startup, isAllOfItsSession, now });
    this.#views = new UnitViews({ units, waits, expectedMs: options.expectedMs });
    this.#dispatcher = new Dispatcher({
      units,
      names: this.#names,
      identity: options.identity,
      state: options.state,
      socket: options.socket,
      logger: options.logger,
      now: options.monotonicNow ?? (() => performance.now()),
      ownership: options.ownership,
      startup,
      runLogs: options.runLogs,
      leases: this.#leases,
      held: new HeldRuns(),
      processes: this.#processes,
      locks,
      waits,
      views: this.#views,
    });
  }

  /** Answers what comes on the stream until it ends. */
  serve(stream: Duplex): void {
    const { limits, logger } = this.#options;
    const refusal = this.#refusal();
    if (refusal !== null) {
      logger.warn({ connections: this.#connections.size, reason: refusal.code }, 'connection refused');
      refuse(stream, refusal);
      return;
    }
    const shared = { dispatcher: this.#dispatcher, units: this.#units, views: this.#views };
    const connection = new Connection(stream, { ...shared, limits, logger });
    this.#connections.add(connection);
    void connection.closed.then(() => this.#connections.delete(connection));
  }

  #refusal(): RequestError | null {
    if (this.#closing !== null) return RequestError.shuttingDown();
    const { connections } = this.#options.limits;
    return this.#connections.size < connections ? null : RequestError.tooManyConnections(connections);
  }

  /** Answers whoever waits with `shutting_down` and ends every connection. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection[Symbol.asyncDispose]()));
    this.#processes[Symbol.dispose]();
    this.#leases[Symbol.dispose]();
    this.#names[Symbol.dispose]();
  }
}

/** Says why, and hangs up without reading anything, before the next client is let in: a crowd would use up the files. */
function refuse(stream: Duplex, refusal: RequestError): void {
  stream.on('error', () => {
    // The client may be gone already; there is nothing left to tell it.
  });
  stream.write(refusalLine(refusal), () => stream.destroy());
}
