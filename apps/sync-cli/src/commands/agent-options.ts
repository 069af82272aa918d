import { COLOR_CHOICES } from '../render/color.ts';
import type { OptionSpec } from './command.ts';

/** What `--help` takes on every command. */
export const HELP_OPTION = { short: 'h', summary: 'Show this help' } as const satisfies OptionSpec;

/** The options of every command that talks to the agent, except for `--timeout`. */
export const AGENT_OPTIONS = {
  json: { summary: 'Print the answer as JSON on stdout, and errors as JSON on stderr' },
  socket: { value: 'PATH', summary: 'The socket of the agent; default: MUSTER_SOCKET, else the place of this user' },
  'connect-timeout': { value: 'TIME', summary: 'Keep trying this long while no agent answers; default 0: try once' },
  quiet: { short: 'q', summary: 'Print no sentences, only data and errors' },
  color: {
    value: 'WHEN',
    choices: COLOR_CHOICES,
    summary: 'Colour: auto, always or never; default auto (see NO_COLOR)',
  },
  help: HELP_OPTION,
} as const satisfies Record<string, OptionSpec>;

/** How long a command that only asks waits for its answer, in milliseconds: long enough for a machine under load. */
export const ANSWER_TIMEOUT_MS = 30_000;

/** `--timeout` of the commands that only ask. */
export const ANSWER_TIMEOUT = {
  value: 'TIME',
  summary: 'Give up after this time, as in 10s or 5m; 0 = never; default 30s',
} as const satisfies OptionSpec;
