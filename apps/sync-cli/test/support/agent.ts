import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ListenOptions, SyncServer } from '@muster/socket/server';
import { UnitManager } from '@muster/unit';
import { runCli } from '../../src/cli.ts';

/** The time of commands in this process, a minute and a half after that of the units. */
const NOW = Date.parse('2026-01-02T03:05:35.006Z');

/** What a command printed, with the path of the socket written as SOCKET. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An agent's socket around a real unit manager in this process, and commands that talk to it. */
export class TestAgent implements AsyncDisposable {
  readonly units: UnitManager;
  readonly socket: string;
  readonly #directory: string;
  readonly #server: SyncServer;

  private constructor(units: UnitManager, directory: string, server: SyncServer) {
    this.units = units;
    this.socket = server.path;
    this.#directory = directory;
    this.#server = server;
  }

  static async listen(
    more: Pick<Partial<ListenOptions>, 'state' | 'startup' | 'ownership' | 'runLogs'> = {},
  ): Promise<TestAgent> {
    const directory = await mkdtemp(join(tmpdir(), 'muster-cli-'));
    const units = new UnitManager({ now: () => Date.parse('2026-01-02T03:04:05.006Z') });
    const identity = { version: '1.2.3', boot: 'boot-1', startedAt: Date.parse('2026-01-02T03:04:00.000Z') };
    const server = await SyncServer.listen(units, {
      path: join(directory, 'agent.sock'),
      identity,
      state: () => 'ready',
      ...more,
    });
    return new TestAgent(units, directory, server);
  }

  /** Runs a command in this process. @param more Whatever listens is called with everything on that stream so far. */
  async run(
    argv: readonly string[],
    more: {
      readonly env?: Record<string, string>;
      readonly onStdout?: (text: string) => void;
      readonly onStderr?: (text: string) => void;
    } = {},
  ): Promise<Ran> {
    const ran = await runHere(argv, { ...more, env: { MUSTER_SOCKET: this.socket, ...more.env } });
    const ownPid = new RegExp(`(pid\\D{0,4})${process.pid}\\b`, 'gi'); // Elsewhere the same digits mean something else.
    const shown = (text: string): string => text.replaceAll(this.socket, 'SOCKET').replace(ownPid, '$1PID');
    return { exitCode: ran.exitCode, stdout: shown(ran.stdout), stderr: shown(ran.stderr) };
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Runs a command in this process, with nothing in its environment but `env`. */
export async function runHere(
  argv: readonly string[],
  more: {
    readonly env?: Record<string, string>;
    readonly onStdout?: (text: string) => void;
    readonly onStderr?: (text: string) => void;
    readonly isTTY?: boolean;
  } = {},
): Promise<Ran> {
  const { env = {}, onStdout = () => {}, onStderr = () => {}, isTTY = false } = more;
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written, onWrite: (text: string) => void) => ({
    isTTY,
    write: (text: string | Uint8Array): void => {
      written[name] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
      onWrite(written[name]);
    },
  });
  const stdout = output('stdout', onStdout);
  const stderr = output('stderr', onStderr);
  const exitCode = await runCli(argv, { env, stdout, stderr, now: () => NOW });
  return { exitCode, ...written };
}

/** One text of a run for goldens: exit code, then both streams. */
export function screen({ exitCode, stdout, stderr }: Ran): string {
  return [
    `exit ${exitCode}`,
    ...(stdout === '' ? [] : ['-- stdout', stdout]),
    ...(stderr === '' ? [] : ['-- stderr', stderr]),
  ].join('\n');
}
