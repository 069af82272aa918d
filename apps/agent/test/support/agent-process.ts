import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SyncClient } from '@muster/socket/client';
import { TemporaryDirectory } from './temporary-directory.ts';

const PROGRAM = fileURLToPath(new URL('../../src/muster-agent.ts', import.meta.url));

/** One line of the JSON log. */
export type LogRecord = Readonly<Record<string, unknown>> & { readonly msg: string };

interface LaunchOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where the manifest, the socket and the state are. Default: a directory of its own. */
  readonly directory?: TemporaryDirectory;
  /** Default true. Otherwise standard error stays a pipe that nobody empties. */
  readonly readsLog?: boolean;
}

/** A real agent, run from source on a manifest, with a directory of its own. */
export class AgentProcess implements AsyncDisposable {
  readonly directory: TemporaryDirectory;
  readonly child: ChildProcess;
  readonly records: LogRecord[] = [];
  /** Everything on standard error. */
  stderr = '';
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #waiting = new Set<() => void>();

  constructor(
    manifest: string,
    { args = [], env = {}, directory = new TemporaryDirectory(), readsLog = true }: LaunchOptions = {},
  ) {
    this.directory = directory;
    const file = directory.file('workspace.yaml');
    writeFileSync(file, manifest);
    const options = ['--socket', this.socket, '--state-dir', directory.file('state'), '--log-format', 'json'];
    this.child = spawn(process.execPath, ['--conditions=@muster/source', PROGRAM, 'run', file, ...options, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH, HOME: directory.path, ...env },
    });
    this.exit = new Promise((resolve) => this.child.on('close', (code, signal) => resolve({ code, signal })));
    if (this.child.stderr !== null && readsLog)
      createInterface({ input: this.child.stderr }).on('line', (line) => this.#onLine(line));
    void this.exit.then(() => this.#wake());
  }

  get socket(): string {
    return this.directory.file('run/a.sock');
  }

  /** The first record of the log that fits, past or future. */
  async record(fits: (record: LogRecord) => boolean): Promise<LogRecord> {
    return await this.#until(() => this.records.find(fits));
  }

  /** Until standard error has that text. */
  async line(text: string): Promise<void> {
    await this.#until(() => (this.stderr.includes(text) ? true : undefined));
  }

  /** Until the agent says that it is in this state. */
  async state(state: string): Promise<LogRecord> {
    return await this.record((record) => record.state === state);
  }

  /** Until a unit has this status or this outcome. */
  async unit(unit: string, reached: string): Promise<LogRecord> {
    return await this.record(
      (record) => record.unit === unit && (record.status === reached || record.outcome === reached),
    );
  }

  async client(): Promise<SyncClient> {
    return await SyncClient.connect({ path: this.socket, timeoutMs: 10_000 });
  }

  /** In the order of the log: which unit reached what. */
  get history(): string[] {
    return this.records.flatMap(({ unit, status, outcome }) =>
      status === undefined ? [] : [`${unit} ${outcome ?? status}`],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.exit;
    clearTimeout(timer);
    this.directory[Symbol.dispose]();
  }

  async #until<T>(find: () => T | undefined): Promise<T> {
    let over = false;
    void this.exit.then(() => {
      over = true;
    });
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (over) throw new Error(`the agent ended without that:\n${this.stderr}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #onLine(line: string): void {
    this.stderr += `${line}\n`;
    if (line.startsWith('{')) this.records.push(JSON.parse(line) as LogRecord); // The shape that pino writes.
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
