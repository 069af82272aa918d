/** SIGHUP says that the terminal of a foreground program has gone: nobody could stop it any more. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** The signals that ask the process to stop. Those that come before anybody listens are kept: it may still be loading. */
export class StopSignals {
  readonly #kept: StopSignal[] = [];
  #listener: ((signal: StopSignal) => void) | null = null;

  readonly #handlers = STOP_SIGNALS.map((name) => [name, () => this.#take(name)] as const);

  constructor() {
    for (const [name, handler] of this.#handlers) process.on(name, handler);
  }

  /** From now on `listener` gets every signal, first of all those that came before. */
  listen(listener: (signal: StopSignal) => void): void {
    this.#listener = listener;
    for (const signal of this.#kept.splice(0)) listener(signal);
  }

  /** From now on they end the process, as they do by default; so do those that came before. */
  release(): void {
    for (const [name, handler] of this.#handlers) process.off(name, handler);
    for (const signal of this.#kept.splice(0)) process.kill(process.pid, signal);
  }

  #take(signal: StopSignal): void {
    if (this.#listener === null) this.#kept.push(signal);
    else this.#listener(signal);
  }
}
