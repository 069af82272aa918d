import { statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { signalGroup } from '../processes/process-group.ts';
import type { Command } from '../run/command.ts';
import { cannotSpawn, errorCode } from '../run/failure-reason.ts';
import type { SupervisedRun } from './supervised-run.ts';
import { SUPERVISOR } from './supervisor.ts';

/** A process of {@link SUPERVISOR} in a session of its own. It watches one run at a time. */
export class SupervisorShell {
  /** `undefined` when it could not be spawned. */
  readonly pid: number | undefined;
  /** Resolves when the process has ended, or could not be spawned. */
  readonly gone: Promise<void>;
  readonly #handles: readonly { ref(): void; unref(): void }[];
  readonly #stdin: Socket | null;
  #run: SupervisedRun | null = null;
  #again: (() => void) | null = null;
  #text = '';
  #isGone = false;

  /**
   * Never throws: a failed spawn is an unknown ending of the run that it shall watch.
   *
   * @param command What to run at once; `null`: the runs are told later.
   */
  constructor(command: Command | null) {
    const subprocess = command === null ? waiting() : running(command);
    this.pid = subprocess.pid;
    this.#stdin = subprocess.stdin as Socket | null; // Node makes sockets for pipes; so for `facts`.
    const facts = subprocess.stdio[3] as Socket | null | undefined;
    this.#handles = [subprocess.nodeChildProcess, this.#stdin, facts].filter(
      (handle) => handle !== null && handle !== undefined,
    );
    facts?.on('data', (chunk: Buffer) => this.#read(chunk.toString('latin1')));
    // A broken pipe only means that no more facts come and no more runs go; the ending is then unknown.
    for (const pipe of [facts, this.#stdin]) pipe?.on('error', () => undefined);
    if (command === null) this.tell(SUPERVISOR);
    this.gone = subprocess.then(
      (result) => this.#end(this.pid === undefined ? cannotSpawn(errorCode(result.cause)) : lost(result.signal)),
      (error: unknown) => this.#end(cannotSpawn(errorCode(error))),
    );
  }

  /** From now on what it tells is about this run. `again` is called, once, if it has not tried to run it and another one may. */
  watch(run: SupervisedRun, again: (() => void) | null = null): void {
    run.supervisor = this.pid;
    this.#run = run;
    this.#again = again;
  }

  /** Gives it commands. */
  tell(commands: string): void {
    this.#stdin?.write(commands);
  }

  /** Whether it has ended, as far as is known. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Whether it has not told yet how the run ended that it watches. */
  get isBusy(): boolean {
    return this.#run !== null;
  }

  /** Whether it keeps this process from ending by itself. */
  hold(held: boolean): void {
    for (const handle of this.#handles) {
      if (held) handle.ref();
      else handle.unref();
    }
  }

  /** No more commands: it ends when its run has ended. Resolves then. */
  end(): Promise<void> {
    this.hold(true);
    this.#stdin?.end();
    return this.gone;
  }

  /** Ends it and its child whatever they do, and waits for neither. */
  kill(): void {
    if (this.pid !== undefined) signalGroup(this.pid, 'SIGKILL');
    this.hold(false);
  }

  #read(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      if (line === 'refused') this.#passOn(lost(undefined));
      else if (this.#run?.tell(line)) this.#run = null;
    }
  }

  #passOn(reason: string): void {
    const [run, again] = [this.#run, this.#again];
    this.#run = null;
    if (run?.mayStart && again !== null) again();
    else run?.lose(reason);
  }

  #end(reason: string): void {
    this.#isGone = true;
    if (this.#run === null) return;
    // Its child may be just about to become the script, and carries no mark yet.
    if (this.pid !== undefined) signalGroup(this.pid, 'SIGKILL');
    if (this.pid !== undefined && isUnclaimed(this.#run)) this.#passOn(reason);
    else this.#run.lose(reason);
  }
}

function isUnclaimed({ command }: SupervisedRun): boolean {
  try {
    statSync(join(command.runDirectory, 'claim'));
    return false;
  } catch (error) {
    return errorCode(error) === 'ENOENT'; // With any other error it may be there.
  }
}

const OPTIONS = {
  extendEnv: false,
  detached: true,
  // execa would build its error message from the whole buffer, which for ~90 MB of control characters ends the process.
  buffer: false,
  reject: false,
} as const;

function running({ runDirectory, argv, cwd, env, out, err }: Command) {
  // execa's types name the descriptors up to 9 only; any open one works.
  const stdio = ['ignore', out as 3, err as 3, 'pipe'] as const;
  return execa('/bin/sh', ['-c', SUPERVISOR, 'muster-run', runDirectory, ...argv], { ...OPTIONS, stdio, cwd, env });
}

function waiting() {
  const stdio = ['pipe', 'ignore', 'ignore', 'pipe'] as const;
  return execa('/bin/sh', ['-s', 'muster-run'], { ...OPTIONS, stdio, cwd: '/', env: {} });
}

function lost(signal: string | undefined): string {
  const how = signal === undefined ? '' : ` by ${signal}`;
  return `the exit status is not known: the supervisor of the script was ended${how}`;
}
