import type { Terminal } from './terminal.ts';

/** The world around a command. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds since the epoch; default: the system's clock. */
  readonly now?: () => number;
  /** The terminal that stdout is, where it is one. */
  readonly terminal?: Terminal;
}

/** A stream for text. */
export interface Output {
  readonly isTTY: boolean;
  /** Queues the text, or bytes as they are. A failure to write it is not this call's: see watchOutput in muster.ts. */
  write(text: string | Uint8Array): void;
  /** Resolves when what was queued has gone out, or never will. */
  drained?(): Promise<void>;
  /** Calls back when nobody reads any more. */
  onBroken?(listener: () => void): void;
}
