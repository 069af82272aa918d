/** One option of a command. */
export interface OptionHelp {
  /** What stands for its value in the help; absent where it takes none. */
  readonly value?: string;
  readonly description: string;
}

/** Every option, by command. The help, the parser and the messages come from this table. */
export const OPTIONS = {
  run: {
    socket: {
      value: 'PATH',
      description: 'where to listen. Default: $MUSTER_SOCKET, else below $XDG_RUNTIME_DIR or ~/.cache',
    },
    'state-dir': {
      value: 'DIR',
      description: 'runs, logs and data of scripts. Default: below $XDG_STATE_HOME or ~/.local/state',
    },
    'log-format': { value: 'FORMAT', description: 'json or pretty. Default: pretty on a terminal, else json' },
    'log-level': { value: 'LEVEL', description: 'debug, info, warn or error. Default: info' },
    'stop-timeout': {
      value: 'TIME',
      description: 'the longest that all stop scripts together may take, as in 30s or 5m; 0 is for ever. Default: 60s',
    },
  },
  check: { json: { description: 'print one JSON object, also for problems' } },
  schema: {},
} as const satisfies Record<string, Readonly<Record<string, OptionHelp>>>;
export type CommandName = keyof typeof OPTIONS;

/** Options that every command takes. */
export const COMMON_OPTIONS = {
  help: { description: 'print this text' },
  version: { description: 'print the version' },
} as const satisfies Record<string, OptionHelp>;

/** Words of `--log-format`. */
export const LOG_FORMATS = ['json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Words of `--log-level`. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
