/** A run that is ready to start. */
export interface Command {
  readonly runDirectory: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors of files, as is `err`: on pipes, a background child would keep the run open. */
  readonly out: number;
  readonly err: number;
}
