/** When a script runs: when the workspace comes up, when it goes down, or on its schedule. */
export const TRIGGERS = ['start', 'stop', 'cron'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** A script to run as a unit. Immutable. */
export interface Script {
  /** Tells the scripts of one runner apart; the key of a manifest, or anything that the caller chooses. */
  readonly id: string;
  /** The name of its unit, unless there is a `resourceAddress`. With neither, the script has no unit. */
  readonly displayName?: string;
  /** The name of its unit where the script comes from a resource: `module.dev.coder_script.main["a"]`. */
  readonly resourceAddress?: string;
  /** The text. With a `#!` line it runs under that interpreter, else under `shell`. */
  readonly script: string;
  readonly triggers: readonly Trigger[];
  /** Five fields, six with seconds in front, or a nickname such as `@daily`. Needed by the trigger `cron`. */
  readonly cron?: string;
  /** An IANA name such as `Europe/Berlin`, for `cron`. Default: the time zone of the process. */
  readonly timezone?: string;
  /** How long a run may take, in milliseconds, from the start of its process. 0 and absent: no limit. */
  readonly timeoutMs?: number;
  /** One exact file that every run appends to. Default: one file per run below the state directory. */
  readonly logPath?: string;
  /** Where the script runs. Default: the working directory of this process. */
  readonly cwd?: string;
  /** Added to the runner's environment. The runner's own `MUSTER_*` variables win. */
  readonly env?: Readonly<Record<string, string>>;
  /** A name to be found on the script's `PATH`, or a path. Default: the runner's shell. */
  readonly shell?: string;
  /** `split` gives stderr a file of its own, whose lines have the level error. Default `combined`. */
  readonly output?: 'combined' | 'split';
  /** Units that must have succeeded; if one can't any more, the script is skipped. */
  readonly needs?: readonly string[];
  /** Units that must have completed, with whatever outcome. */
  readonly after?: readonly string[];
}
