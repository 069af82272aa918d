import { readlinkSync, statSync } from 'node:fs';
import { isEmptyGroup } from '../processes/process-group.ts';
import type { Command } from '../run/command.ts';
import { startCommands } from './start-commands.ts';
import { SupervisedRun } from './supervised-run.ts';
import { SupervisorShell } from './supervisor-shell.ts';

/** How many shells may wait for a next run. Each holds some 100 kB and never wakes up. */
const MAX_IDLE = 8;

/**
 * The supervisors of a runner. To fork a process as large as an agent takes a millisecond and more, and stops it meanwhile; to fork
 * a shell does not. So shells that have watched a run are kept for the next ones. Each has one run at a time.
 *
 * Where a shell can't give a script what a process of its own would inherit, or can't reach the log, the run gets a
 * supervisor for itself.
 */
export class SupervisorPool implements AsyncDisposable {
  readonly #all = new Set<SupervisorShell>();
  readonly #idle = new Set<SupervisorShell>();
  #open = canReopenDescriptors();

  /** Starts the command under a supervisor. Never throws: whatever goes wrong is an `unknown` ending with its reason. */
  start(command: Command): SupervisedRun {
    const run = new SupervisedRun(command);
    const commands = this.#open ? startCommands(command, reopened) : null;
    if (commands === null) this.#startAlone(run);
    else this.#hand(run, commands);
    return run;
  }

  /** Lets the shells go that wait for a run. Resolves when they have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    await Promise.all([...this.#idle].map((shell) => shell.end()));
  }

  /** Ends every supervisor that is still there: one that stands still does not go by itself, and would keep this process. */
  kill(): void {
    for (const shell of this.#all) shell.kill();
  }

  #startAlone(run: SupervisedRun): void {
    this.#spawn(run.command).watch(run);
  }

  #hand(run: SupervisedRun, commands: string): void {
    const shell = this.#take();
    shell.watch(run, () => this.#startAlone(run));
    shell.tell(commands);
    void run.ended.then(async () => this.#release(shell, await run.group));
  }

  #take(): SupervisorShell {
    const [idle] = this.#idle;
    if (idle === undefined) return this.#spawn(null);
    this.#idle.delete(idle);
    idle.hold(true);
    return idle;
  }

  #spawn(command: Command | null): SupervisorShell {
    const shell = new SupervisorShell(command);
    this.#all.add(shell);
    void shell.gone.then(() => {
      this.#all.delete(shell);
      this.#idle.delete(shell);
    });
    return shell;
  }

  #release(shell: SupervisorShell, group: number | null): void {
    if (shell.isGone) return;
    // Whom the script has left behind knows the shell as the parent of the script, and may end it together with its next run.
    const isAlone = group === null || isEmptyGroup(group);
    if (shell.isBusy) shell.kill();
    else if (this.#open && isAlone && this.#idle.size < MAX_IDLE) {
      this.#idle.add(shell);
      shell.hold(false);
    } else void shell.end();
  }
}

/** How another process opens a file that is open here: the very one that was checked, wherever its name leads by now. */
function reopened(fd: number): string {
  return `/proc/${process.pid}/fd/${fd}`;
}

function canReopenDescriptors(): boolean {
  try {
    // It belongs to root where others may not look into this process, and has another number where /proc is not of this machine.
    return readlinkSync('/proc/self') === String(process.pid) && statSync('/proc/self/fd').uid === process.geteuid?.();
  } catch {
    return false; // No /proc on this system.
  }
}
