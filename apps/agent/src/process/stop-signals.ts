/** SIGHUP says that the terminal of a foreground program has gone: nobody could stop it any more. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** Calls `stop` for each signal that asks the process to stop, until disposed. */
export function onStopSignal(stop: (signal: StopSignal) => void): Disposable {
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  return {
    [Symbol.dispose]() {
      for (const signal of STOP_SIGNALS) process.off(signal, stop);
    },
  };
}
