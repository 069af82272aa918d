/** A command line, read. */
export interface ParsedLine {
  /** The first argument that is not an option; `null` where there is none. */
  readonly command: string | null;
  /** The other arguments that are not options, up to `--`. */
  readonly names: readonly string[];
  /** What comes after `--`; `null` without one. */
  readonly afterDashes: readonly string[] | null;
  readonly options: readonly GivenOption[];
}

/** An option as it was written. */
export interface GivenOption {
  /** With its dashes. */
  readonly written: string;
  /** Without them, in its long form. */
  readonly name: string;
  /** The value, where there was one; `inline` where it came after `=`. */
  readonly value: string | undefined;
  readonly inline: boolean;
}
