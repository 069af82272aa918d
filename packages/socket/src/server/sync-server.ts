import type { UnitManager } from '@muster/unit';
import type { AgentIdentity } from './agent-identity.ts';
import { NO_STARTUP, type StartupOptions } from './coordination/startup.ts';
import { noOwners, type UnitOwnership } from './coordination/unit-ownership.ts';
import { type Limits, resolveLimits } from './limits.ts';
import { type BoundSocket, bindSocket } from './listen.ts';
import { noLogs, type RunLogs } from './run-logs.ts';
import { Service } from './service.ts';
import { type SocketLogger, silentLogger } from './socket-logger.ts';

export interface ListenOptions {
  /** Where to listen; absolute, at most 107 bytes. Its directory is made, private, if it isn't there. */
  readonly path: string;
  readonly identity: AgentIdentity;
  /** The state of the agent's life cycle, asked for at every `ping`. */
  readonly state: () => string;
  /** Who may report which unit. Default: anybody any. */
  readonly ownership?: UnitOwnership;
  /** Everything that the start triggers: `sync.wait` can wait for it. Default: nothing. */
  readonly startup?: StartupOptions;
  /** How long a run of a unit takes as a rule, in milliseconds; `null` where that is not known. Default: never known. */
  readonly expectedMs?: (unit: string) => number | null;
  /** Where the logs of the scripts of units are. Default: no script stands for any unit. */
  readonly runLogs?: RunLogs;
  /** Default: none. */
  readonly logger?: SocketLogger;
  readonly limits?: Partial<Limits>;
}

/** Serves a unit manager on a unix socket until it is closed. */
export class SyncServer implements AsyncDisposable {
  readonly path: string;
  readonly #socket: BoundSocket;
  readonly #service: Service;
  #closing: Promise<void> | null = null;

  private constructor(path: string, socket: BoundSocket, service: Service) {
    this.path = path;
    this.#socket = socket;
    this.#service = service;
  }

  /**
   * Takes the socket, which only this user can open from its first instant on, and answers there. A stale socket is
   * replaced; a live one and any other file never.
   *
   * @throws SocketError
   */
  static async listen(units: UnitManager, options: ListenOptions): Promise<SyncServer> {
    const { path, identity, state, logger = silentLogger, ownership = noOwners, startup = NO_STARTUP } = options;
    const limits = resolveLimits(options.limits);
    const { expectedMs = () => null, runLogs = noLogs } = options;
    const service = new Service(units, {
      identity,
      state,
      logger,
      limits,
      ownership,
      startup,
      expectedMs,
      runLogs,
      socket: path,
    });
    try {
      const socket = await bindSocket(path, { logger, onConnection: (stream) => service.serve(stream) });
      return new SyncServer(path, socket, service);
    } catch (error) {
      await service[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Takes no more connections, answers whoever waits with `shutting_down`, ends the connections, and removes the socket
   * if it is still this server's. May be called again.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#socket.stopAccepting();
    await this.#service[Symbol.asyncDispose]();
    await this.#socket[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
