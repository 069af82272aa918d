import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;

/** A child process whose stdout is read line by line; killed at the end of its block. */
export class Child implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly exited: Promise<unknown>;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, args: readonly string[], options: { uid?: number } = {}) {
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: environment, ...options });
    this.exited = once(this.process, 'exit');
    const { stdout } = this.process;
    if (stdout === null) throw new Error('stdout is a pipe');
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** A process that has loaded all it needs to serve at that path, and does so when told with {@link serve}. */
  static async server(path: string): Promise<Child> {
    const script = fileURLToPath(new URL('serve.ts', import.meta.url));
    const child = new Child(process.execPath, ['--conditions=@muster/source', script, path]);
    if ((await child.line()) !== 'loaded') throw new Error('serve.ts did not come up');
    return child;
  }

  /** Lets a {@link server} listen. @returns what it says of that. */
  async serve(): Promise<{ listening?: number; code?: string; ownerPid?: number; message?: string }> {
    this.process.stdin?.write('go\n');
    return JSON.parse((await this.line()) ?? 'null');
  }

  /** The next line of stdout; `null` at its end. */
  async line(): Promise<string | null> {
    const { done, value } = await this.#lines.next();
    return done ? null : value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await this.exited;
  }
}
