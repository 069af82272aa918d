import { SyncClient } from '@muster/socket/client';
import type { UnitInfo } from '@muster/socket/protocol';
import { execa } from 'execa';
import { AGENT } from './binaries.ts';
import type { Finished, Workplace } from './workplace.ts';

/** How long an agent may take until it answers on its socket, in milliseconds. */
const CONNECT_TIMEOUT_MS = 20_000;

type AgentProcess = ReturnType<typeof spawnAgent>;

function spawnAgent(place: Workplace, argv: readonly string[]) {
  const options = { env: place.env, extendEnv: false, reject: false, stdin: 'ignore', cwd: place.folder } as const;
  return execa(process.execPath, [AGENT, 'run', ...argv], options);
}

/** A built agent that answers on its socket. */
export class RunningAgent implements AsyncDisposable {
  readonly process: AgentProcess;
  readonly client: SyncClient;

  private constructor(process: AgentProcess, client: SyncClient) {
    this.process = process;
    this.client = client;
  }

  static async start(place: Workplace, argv: readonly string[]): Promise<RunningAgent> {
    const subprocess = spawnAgent(place, argv);
    const ended = new AbortController();
    void subprocess.then(() => ended.abort());
    try {
      const client = await SyncClient.connect({
        path: place.socket,
        timeoutMs: CONNECT_TIMEOUT_MS,
        signal: ended.signal,
      });
      await client.call('sync.watch', {});
      return new RunningAgent(subprocess, client);
    } catch (error) {
      subprocess.kill('SIGKILL');
      throw new Error(`the agent did not come up:\n${(await subprocess).stderr}`, { cause: error });
    }
  }

  /** All units by name. */
  async units(): Promise<ReadonlyMap<string, UnitInfo>> {
    const { units } = await this.client.call('sync.list', {});
    return new Map(units.map((unit) => [unit.unit, unit]));
  }

  /** Resolves as soon as the units are as wanted; looks again after every event. */
  async until(wanted: (units: ReadonlyMap<string, UnitInfo>) => boolean): Promise<ReadonlyMap<string, UnitInfo>> {
    const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, UnitInfo>>();
    const look = async () => {
      const units = await this.units();
      if (wanted(units)) resolve(units);
    };
    using _events = this.client.onNotification('sync.event', () => void look().catch(reject));
    await look();
    return await promise;
  }

  /** Resolves when all of these units are completed. */
  completed(...names: readonly string[]): Promise<ReadonlyMap<string, UnitInfo>> {
    return this.until((units) => names.every((name) => units.get(name)?.status === 'completed'));
  }

  /** Asks the agent to stop, and resolves when it has. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<Finished> {
    this.process.kill(signal);
    return await this.process;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    await this.stop('SIGTERM');
  }
}
