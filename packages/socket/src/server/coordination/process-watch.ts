import { identifyProcess, type ProcessIdentity } from './process-identity.ts';

/** How often processes are looked at, in milliseconds, while there is one to look at: their end is seen within this time. */
const PERIOD_MS = 250;

/** How a {@link ProcessWatch} learns of the world. */
export interface ProcessWatchOptions {
  /** Who lives under a pid. Default: asks the system. */
  readonly identify?: (pid: number) => ProcessIdentity | null;
  /** Calls back again and again until disposed of. Default: four times a second. */
  readonly repeat?: (action: () => void) => Disposable;
}

interface Watched {
  readonly process: ProcessIdentity;
  readonly onEnd: () => void;
}

/** Tells when processes end that are not our children. Nothing is looked at while none is watched. */
export class ProcessWatch implements Disposable {
  readonly #identify: (pid: number) => ProcessIdentity | null;
  readonly #repeat: (action: () => void) => Disposable;
  readonly #watched = new Set<Watched>();
  #repetition: Disposable | null = null;

  constructor({ identify = identifyProcess, repeat = everyPeriod }: ProcessWatchOptions = {}) {
    this.#identify = identify;
    this.#repeat = repeat;
  }

  /** The process that has this pid now; `null`: there is none. */
  find(pid: number): ProcessIdentity | null {
    return this.#identify(pid);
  }

  /** Calls back once when the process has ended; at once if it has. Dispose of the result to stop. */
  watch(process: ProcessIdentity, onEnd: () => void): Disposable {
    if (this.#hasEnded(process)) {
      onEnd();
      return nothingToStop;
    }
    const watched = { process, onEnd };
    this.#watched.add(watched);
    this.#repetition ??= this.#repeat(() => this.#look());
    return { [Symbol.dispose]: () => this.#forget(watched) };
  }

  [Symbol.dispose](): void {
    for (const watched of this.#watched) this.#forget(watched);
  }

  #look(): void {
    for (const watched of [...this.#watched]) {
      if (!this.#watched.has(watched) || !this.#hasEnded(watched.process)) continue;
      this.#forget(watched);
      watched.onEnd();
    }
  }

  /** A start time that can't be read at the moment proves nothing. */
  #hasEnded({ pid, startTime }: ProcessIdentity): boolean {
    const present = this.#identify(pid);
    if (present === null) return true;
    return startTime !== null && present.startTime !== null && present.startTime !== startTime;
  }

  #forget(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    this.#repetition?.[Symbol.dispose]();
    this.#repetition = null;
  }
}

const nothingToStop: Disposable = {
  [Symbol.dispose]: () => {
    // It has been told already.
  },
};

function everyPeriod(action: () => void): Disposable {
  const timer = setInterval(action, PERIOD_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
