import { accessSync, constants } from 'node:fs';
import type { Command } from '../run/command.ts';
import { cannotSpawn, errorCode, signalName } from '../run/failure-reason.ts';

/** How the script's own process ended; children that it left behind have no part in it. */
export type Ending =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signaled'; readonly signal: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Only what is `handed` to a supervisor may still be started, by it or by another one. */
type State = 'handed' | 'given up' | 'begun' | 'ended';

/**
 * A run as its supervisor tells it: `pid PID GROUP START`, then `exit CODE`, `signal CODE` or `unknown CODE`. With `never` before
 * that, the script could not start, unless its pid was told.
 *
 * ```
 * handed ── pid ──► begun ──────────► ended
 *    └── giveUp() ──► given up ──────►
 * ```
 *
 * One that was given up may begin yet, where its supervisor was about to start it.
 */
export class SupervisedRun {
  #state: State = 'handed';
  readonly #group = Promise.withResolvers<number | null>();
  readonly #ended = Promise.withResolvers<Ending>();

  readonly command: Command;
  /** Of the supervisor, which must outlive the script to record its end; `undefined` when nothing was spawned. */
  supervisor: number | undefined;
  /** When the leader of its group was started, in the words of its system; `undefined` where that is not known. */
  groupStart: string | undefined;
  /** The script's process group; `null` when the run ended without the script having been started. */
  readonly group = this.#group.promise;
  /** Never rejects. */
  readonly ended = this.#ended.promise;

  constructor(command: Command) {
    this.command = command;
  }

  /** Whether nobody has begun it or stopped it, so that another supervisor may take it over from one that has not begun it. */
  get mayStart(): boolean {
    return this.#state === 'handed';
  }

  /** It is being stopped: nobody takes it over any more. */
  giveUp(): void {
    if (this.#state === 'handed') this.#state = 'given up';
  }

  /** Takes in a line of the supervisor. @returns Whether it was the last one. */
  tell(line: string): boolean {
    const words = line.split(' ');
    // The file is the script's to remove, which makes its end no other one.
    if (this.#state === 'begun' && words[0] === 'never') words.shift();
    const [word, first, second, third] = words;
    if (word === 'pid') this.#begin(Number(second), first === second && third !== '' ? third : undefined);
    else if (word === 'exit') this.#end({ kind: 'exited', exitCode: Number(first) });
    else if (word === 'signal') this.#end({ kind: 'signaled', signal: signalName(Number(first) - 128) });
    else if (word === 'unknown') this.lose(`the exit status is not known: it is ${first}, or that of a signal`);
    else if (word === 'never') this.lose(whyNever(this.command.cwd));
    return word !== 'pid';
  }

  /** Ends the run in an unknown way, unless its end is known already. */
  lose(reason: string): void {
    this.#end({ kind: 'unknown', reason });
  }

  #begin(group: number, start: string | undefined): void {
    this.groupStart = start;
    if (this.#state !== 'ended') this.#state = 'begun';
    this.#group.resolve(group);
  }

  #end(ending: Ending): void {
    this.#state = 'ended';
    this.#group.resolve(null);
    this.#ended.resolve(ending);
  }
}

/** A shell does not tell the code of the error, but asking again does. */
function whyNever(cwd: string): string {
  try {
    accessSync(cwd, constants.X_OK);
    return cannotSpawn('unknown error');
  } catch (error) {
    return cannotSpawn(errorCode(error));
  }
}
