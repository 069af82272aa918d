/** SIGHUP says that the terminal of a foreground program has gone: nobody could stop it any more. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** The signals that ask the process to stop. Those that come before anybody listens are kept: it may still be loading. */
export class StopSignals {
  readonly #kept: StopSignal[] = [];
  #listener: ((signal: StopSignal) => void) | null = null;

  constructor() {
    for (const name of STOP_SIGNALS) process.on(name, () => this.#take(name));
  }

  /** From now on `listener` gets every signal, first of all those that came before. */
  listen(listener: (signal: StopSignal) => void): void {
    this.#listener = listener;
    for (const signal of this.#kept.splice(0)) listener(signal);
  }

  #take(signal: StopSignal): void {
    if (this.#listener === null) this.#kept.push(signal);
    else this.#listener(signal);
  }
}
