/** The world around a command. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds since the epoch; default: the system's clock. */
  readonly now?: () => number;
}

/** A stream for text. */
export interface Output {
  readonly isTTY: boolean;
  /** Queues the text. A failure to write it is not this call's: see watchOutput in muster.ts. */
  write(text: string): void;
}
