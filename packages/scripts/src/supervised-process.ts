import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { cannotSpawn, errorCode, signalName } from './failure-reason.ts';
import { SUPERVISOR } from './supervisor.ts';

/** What to spawn. `out` and `err` are descriptors of files: on pipes, a background child would keep the run open. */
export interface Command {
  readonly runDirectory: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly out: number;
  readonly err: number;
}

/** How the script's own process ended; children that it left behind have no part in it. */
export type Ending =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signaled'; readonly signal: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The script's process group and the process that watches it. */
export interface SupervisedProcess {
  /** Of the supervisor, which must outlive the script to record its end; `undefined` when nothing was spawned. */
  readonly supervisor: number | undefined;
  /** The script's process group; `null` when the supervisor ended without starting the script. */
  readonly group: Promise<number | null>;
  /** Never rejects. */
  readonly ended: Promise<Ending>;
}

/** Starts the supervisor in a session of its own. Never throws: a failed spawn is an `unknown` ending with its reason. */
export function spawnSupervised(command: Command): SupervisedProcess {
  const subprocess = execa('/bin/sh', ['-c', SUPERVISOR, 'muster-run', command.runDirectory, ...command.argv], {
    cwd: command.cwd,
    env: command.env,
    extendEnv: false,
    detached: true,
    // execa's types name the descriptors up to 9 only; any open one works.
    stdio: ['ignore', command.out as 3, command.err as 3, 'pipe'],
    // execa would build its error message from the whole buffer, which for ~90 MB of control characters ends the process.
    buffer: false,
    reject: false,
  });
  const control = new ControlReader();
  const pipe = subprocess.stdio[3];
  pipe?.on('data', (chunk: Buffer) => control.read(chunk.toString('latin1')));
  // A broken pipe only means that no more facts come; the ending is then unknown.
  (pipe as Readable | null | undefined)?.on('error', () => undefined); // execa's type for a custom pipe is wider than what it is.
  const ended = subprocess.then(
    (result) => control.end(subprocess.pid === undefined ? cannotSpawn(errorCode(result.cause)) : lost(result.signal)),
    (error: unknown) => control.end(cannotSpawn(errorCode(error))),
  );
  return { supervisor: subprocess.pid, group: control.group, ended };
}

function lost(signal: string | undefined): string {
  const how = signal === undefined ? '' : ` by ${signal}`;
  return `the exit status is not known: the supervisor of the script was ended${how}`;
}

/** Reads what the supervisor writes on descriptor 3: `pid PID GROUP`, then `exit CODE` or `signal CODE`. */
class ControlReader {
  readonly #group = Promise.withResolvers<number | null>();
  readonly group = this.#group.promise;
  #text = '';
  #ending: Ending | null = null;

  read(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line);
  }

  #readLine(line: string): void {
    const [word, first, second] = line.split(' ');
    if (word === 'pid') this.#group.resolve(Number(second));
    else if (word === 'exit') this.#ending = { kind: 'exited', exitCode: Number(first) };
    else if (word === 'signal') this.#ending = { kind: 'signaled', signal: signalName(Number(first) - 128) };
  }

  /** @param otherwise Why the ending is unknown, if the supervisor has not told it. */
  end(otherwise: string): Ending {
    this.#group.resolve(null);
    return this.#ending ?? { kind: 'unknown', reason: otherwise };
  }
}
