import { join } from 'node:path';
import { UnitManager } from '@muster/unit';
import { SyncClient } from '../../src/client/index.ts';
import { type Limits, SyncServer } from '../../src/server/index.ts';
import { IDENTITY } from './loopback.ts';
import { temporaryDirectory } from './temp-directory.ts';

export function listen(
  path: string,
  options: { units?: UnitManager; limits?: Partial<Limits> } = {},
): Promise<SyncServer> {
  const { units = new UnitManager({ now: Date.now }), limits = {} } = options;
  return SyncServer.listen(units, { path, identity: IDENTITY, state: () => 'ready', limits });
}

/** A server on a real socket in a directory of its own. */
export class UnixServer implements AsyncDisposable {
  readonly path: string;
  readonly units: UnitManager;
  readonly server: SyncServer;
  readonly #directory: Disposable;

  private constructor(parts: { path: string; units: UnitManager; server: SyncServer; directory: Disposable }) {
    this.path = parts.path;
    this.units = parts.units;
    this.server = parts.server;
    this.#directory = parts.directory;
  }

  static async open(limits: Partial<Limits> = {}): Promise<UnixServer> {
    const directory = temporaryDirectory();
    const path = join(directory.path, 'agent.sock');
    const units = new UnitManager({ now: Date.now });
    return new UnixServer({ path, units, server: await listen(path, { units, limits }), directory });
  }

  client(): Promise<SyncClient> {
    return SyncClient.connect({ path: this.path });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    this.#directory[Symbol.dispose]();
  }
}
