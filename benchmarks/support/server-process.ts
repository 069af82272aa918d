import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { SyncClient } from '@muster/socket/client';
import { AGENT } from './binaries.ts';
import { CLEAN_ENV } from './environment.ts';
import type { Place } from './place.ts';

/** The floor of every question about the socket: Node's own server, JSON in lines, and nothing else. */
const BARE_SERVER = fileURLToPath(import.meta.resolve('../programs/bare-server.cjs'));

/** How long to wait for a server, in milliseconds. */
const PATIENCE_MS = 20_000;

const EMPTY_MANIFEST = 'version: 1\nscripts:\n  on-stop: { on: stop, run: ":" }\n';

/** A server in a process of its own, which answers. */
export class ServerProcess implements AsyncDisposable {
  readonly path: string;
  readonly pid: number;
  readonly #process: ChildProcess;

  private constructor(path: string, process: ChildProcess) {
    this.path = path;
    this.#process = process;
    this.pid = process.pid ?? 0;
  }

  /** The built agent. */
  static async agent(place: Place, manifest = EMPTY_MANIFEST): Promise<ServerProcess> {
    const path = place.path('agent.sock');
    return await ServerProcess.start(path, agentCommand(place, manifest, path));
  }

  /** Node's own server; see programs/bare-server.cjs for what it answers. */
  static async bare(place: Place): Promise<ServerProcess> {
    const path = place.path('bare.sock');
    return await ServerProcess.start(path, [process.execPath, BARE_SERVER, path]);
  }

  /** Any command that serves a socket there. */
  static async start(path: string, argv: readonly string[]): Promise<ServerProcess> {
    const [command = '', ...rest] = argv;
    // Its log goes to a file descriptor that costs nothing.
    const child = spawn(command, rest, { env: CLEAN_ENV, stdio: 'ignore' });
    await untilAnswered(path, child);
    return new ServerProcess(path, child);
  }

  client(): Promise<SyncClient> {
    return SyncClient.connect({ path: this.path, timeoutMs: PATIENCE_MS });
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** At once: what an agent does when it stops is no part of any question here. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isAlive) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#process.once('exit', () => resolve());
    this.#process.kill('SIGKILL');
    await promise;
  }
}

/** The command line of an agent with a manifest, whose state and socket are in the place. */
export function agentCommand(place: Place, manifest: string, socket: string): readonly string[] {
  const file = place.write('workspace.yaml', manifest);
  return [process.execPath, AGENT, 'run', file, '--socket', socket, '--state-dir', place.path('state')];
}

/** Resolves when a line sent there is answered. Tries again every millisecond. */
export async function untilAnswered(path: string, child: ChildProcess): Promise<void> {
  const begun = performance.now();
  while (!(await isAnswered(path))) {
    if (child.exitCode !== null || performance.now() - begun > PATIENCE_MS)
      throw new Error(`nobody answers at ${path}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => socket.write('{"jsonrpc":"2.0","id":1,"method":"ping","params":{}}\n'));
    socket.once('error', () => resolve(false));
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
