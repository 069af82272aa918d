import { type Duplex, duplexPair } from 'node:stream';
import { UnitManager } from '@muster/unit';
import { SyncClient } from '../../src/client/index.ts';
import type { StartFailure } from '../../src/protocol/shapes.ts';
import { ProcessWatch } from '../../src/server/coordination/process-watch.ts';
import { noOwners, type UnitOwnership } from '../../src/server/coordination/unit-ownership.ts';
import { type Limits, resolveLimits } from '../../src/server/limits.ts';
import { noLogs, type RunLogs } from '../../src/server/run-logs.ts';
import { Service } from '../../src/server/service.ts';
import { type SocketLogger, silentLogger } from '../../src/server/socket-logger.ts';

/** The time of every loopback, in milliseconds since the epoch: 2026-01-02T03:04:05.678Z. */
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export const IDENTITY = { version: '1.2.3', boot: 'boot-1', startedAt: NOW };

/** Lets everything happen that one process does without outside help. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

interface LoopbackOptions {
  readonly limits?: Partial<Limits>;
  readonly tail?: number;
  readonly logger?: SocketLogger;
  readonly ownership?: UnitOwnership;
  readonly startup?: Promise<unknown>;
  readonly startUnits?: () => readonly string[];
  readonly startFailures?: () => readonly StartFailure[];
  readonly processes?: ProcessWatch;
  readonly expectedMs?: (unit: string) => number | null;
  readonly runLogs?: RunLogs;
}

/** A server and its clients in one process, without a socket and with a clock that stands still. */
export class Loopback implements AsyncDisposable {
  readonly units: UnitManager;
  readonly service: Service;
  readonly #clients: SyncClient[] = [];

  constructor(options: LoopbackOptions = {}) {
    const { limits, tail, logger = silentLogger, ownership = noOwners, startup: ended = Promise.resolve() } = options;
    const { processes = new ProcessWatch(), expectedMs = () => null, runLogs = noLogs } = options;
    this.units = new UnitManager({ now: () => NOW, ...(tail === undefined ? {} : { tail }) });
    this.service = new Service(this.units, {
      identity: IDENTITY,
      state: () => 'ready',
      logger,
      limits: resolveLimits({ closeMs: 50, ...limits }),
      socket: '/run/test/agent.sock',
      monotonicNow: () => 0,
      now: () => NOW,
      processes,
      ownership,
      startup: { ended, pending: options.startUnits ?? (() => []), failed: options.startFailures ?? (() => []) },
      expectedMs,
      runLogs,
    });
  }

  client(): SyncClient {
    const client = SyncClient.over(this.stream());
    this.#clients.push(client);
    return client;
  }

  /** The client's end of a new connection. */
  stream(): Duplex {
    const [client, server] = duplexPair();
    this.service.serve(server);
    return client;
  }

  raw(): RawClient {
    return new RawClient(this.stream());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
    await this.service[Symbol.asyncDispose]();
  }
}

/** Sends bytes as they are, and hands out the lines that come back. */
export class RawClient {
  readonly stream: Duplex;
  readonly #lines: string[] = [];
  readonly #waiting: ((line: string | null) => void)[] = [];
  #rest = '';
  #ended = false;

  constructor(stream: Duplex) {
    this.stream = stream;
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => this.#take(text));
    stream.on('error', () => {}); // A server that hangs up is part of some tests; they see the end.
    stream.on('close', () => this.#end());
    stream.on('end', () => this.#end());
  }

  send(...texts: string[]): void {
    for (const text of texts) this.stream.write(text);
  }

  /** Sends one request line. */
  request(request: object): void {
    this.send(`${JSON.stringify({ jsonrpc: '2.0', ...request })}\n`);
  }

  /** The next line, or `null` when the connection has ended. */
  line(): Promise<string | null> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** All lines that have come and were not asked for. */
  take(): string[] {
    return this.#lines.splice(0);
  }

  /** The next line, read. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  async message(): Promise<any> {
    const line = await this.line();
    return line === null ? null : JSON.parse(line);
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#lines.push(line);
      else waiting(line);
    }
  }

  #end(): void {
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) waiting(null);
  }
}
