/** What the server needs of a logger; one of pino fits. Never told what a request holds. */
export interface SocketLogger {
  debug(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

function ignore(): void {
  // That is the point of it.
}

/** Says nothing. */
export const silentLogger: SocketLogger = { debug: ignore, warn: ignore, error: ignore };
