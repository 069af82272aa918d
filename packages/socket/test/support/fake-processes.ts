import type { ProcessIdentity } from '../../src/server/coordination/process-identity.ts';
import { ProcessWatch } from '../../src/server/coordination/process-watch.ts';

/** Processes that live and end as a test says, looked at when it says so. */
export class FakeProcesses {
  readonly watch: ProcessWatch;
  readonly #alive = new Map<number, string | null>();
  #look: (() => void) | null = null;

  constructor() {
    this.watch = new ProcessWatch({
      identify: (pid) => this.#identify(pid),
      repeat: (action) => {
        this.#look = action;
        return { [Symbol.dispose]: () => this.#rest() };
      },
    });
  }

  /** Whether anybody is looked at. */
  get isLooking(): boolean {
    return this.#look !== null;
  }

  begin(pid: number, startTime: string | null = `start of ${pid}`): void {
    this.#alive.set(pid, startTime);
  }

  end(pid: number): void {
    this.#alive.delete(pid);
  }

  look(): void {
    this.#look?.();
  }

  #rest(): void {
    this.#look = null;
  }

  #identify(pid: number): ProcessIdentity | null {
    const startTime = this.#alive.get(pid);
    return startTime === undefined ? null : { pid, startTime };
  }
}
