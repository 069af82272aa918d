import type { Io } from '../io.ts';

/** One option of a command, named by its key in the table of options. */
export interface OptionSpec {
  /** What stands for its value in the help; absent where the option takes none. */
  readonly value?: string;
  readonly short?: string;
  /** One line without a final full stop; says the default. */
  readonly summary: string;
  /** All the values that it takes, where they can be listed. */
  readonly choices?: readonly string[];
  /** It may be given several times, and all of its values count. */
  readonly many?: true;
  /** What completion offers for its value, where there are no choices. */
  readonly completes?: 'units';
}
export type OptionTable = Readonly<Record<string, OptionSpec>>;

export type OptionValue = string | boolean | readonly string[] | undefined;

/** The options as given: text where one takes a value, `undefined` where it was left out. The last of several counts. */
export type OptionValues<O extends OptionTable> = {
  readonly [K in keyof O]: O[K] extends { readonly many: true }
    ? readonly string[]
    : O[K] extends { readonly value: string }
      ? string | undefined
      : string extends keyof O
        ? OptionValue
        : boolean;
};

/** What a command gets to work with. */
export interface Invocation<O extends OptionTable> {
  /** The arguments that are not options, without the name of the command. */
  readonly names: readonly string[];
  /** The words of the command to run, of a command that wraps one; otherwise empty. */
  readonly wrapped: readonly string[];
  readonly options: OptionValues<O>;
  readonly io: Io;
  /** Those that it may show or complete: every one, unless the line is a plain call of a frequent one. */
  readonly commands: readonly Command[];
}

/** One command. The help, the completion and docs/command.md are made from or held against these fields. */
export interface Command<O extends OptionTable = OptionTable> {
  readonly name: string;
  /** One line without a final full stop. */
  readonly summary: string;
  /** Its arguments, as `want UNIT DEP…`; one line for each form. */
  readonly usage: readonly string[];
  /** Paragraphs of the help that the summary has no room for. */
  readonly details?: readonly string[];
  readonly options: O;
  readonly examples: readonly { readonly line: string; readonly note: string }[];
  /** What completion offers for its arguments: names of units, these words, or nothing. */
  readonly completes: 'units' | 'one unit' | 'one lock' | readonly string[];
  /** It runs a command, whose words come after `--`. */
  readonly wraps?: true;
  /** Left out of the help and of completion. */
  readonly hidden?: boolean;
  /**
   * Does it. Resolves when the output is written, with the exit code where that is another than 0; rejects with CliError,
   * ClientError or RpcError.
   */
  run(invocation: Invocation<O>): Promise<number | undefined> | Promise<void>;
}

/** The same command, with its options' types inferred. */
export function defineCommand<const O extends OptionTable>(command: Command<O>): Command<O> {
  return command;
}
