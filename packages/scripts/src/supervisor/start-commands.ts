import type { Command } from '../run/command.ts';

/** Far from what the kernel refuses, for one value as for all. */
const MAX_CHARACTERS = 32 * 1024;

/** What shells keep for themselves (bash has more that it does not let one set), and what SUPERVISOR does. */
const KEPT_NAMES = [
  'IFS|OPTIND|LINENO|PPID|RANDOM|SRANDOM|SECONDS|EPOCHSECONDS|EPOCHREALTIME|E?UID|GROUPS',
  'DIRSTACK|FUNCNAME|HISTCMD|PIPESTATUS|SHELLOPTS|BASH.*|muster_.*',
].join('|');

/** What every shell can export. */
const PLAIN_NAME = new RegExp(`^(?!(?:${KEPT_NAMES})$)[A-Za-z_]\\w*$`);

/**
 * What a shell that has read SUPERVISOR has to be told to run a command. In its child, the shell goes to the directory and exports the
 * environment, which has to be empty before.
 *
 * @param pathOf How to reach `out` and `err` from there.
 * @returns `null` for what a shell does not pass on as it is, or what no process could be started with.
 */
export function startCommands(
  { runDirectory, argv, cwd, env, out, err }: Command,
  pathOf: (fd: number) => string,
): string | null {
  const { PWD, ...others } = env;
  const entries = Object.entries(others);
  if (!entries.every(([name]) => PLAIN_NAME.test(name))) return null;
  const directory = quoted(runDirectory);
  const lines = [
    'muster_start() {',
    `cd -P -- ${quoted(cwd)} || exit`,
    'unset OLDPWD',
    // As any shell that starts: another name of this directory may stay, a wrong one not.
    ...(PWD === undefined ? [] : [`[ ${quoted(PWD)} -ef . ] && PWD=${quoted(PWD)}`]),
    ...entries.map(([name, value]) => `export ${name}=${quoted(value)}`),
    `muster_become ${directory} ${argv.map(quoted).join(' ')}`,
    '}',
    // The braces: half of it, from a runner that was killed, is an error.
    `{ muster_watch ${directory} 5>>${pathOf(out)} ${err === out ? '6>&5' : `6>>${pathOf(err)}`} 2>${directory}/claim ||`,
    "printf 'refused\\n' >&3; } 2>/dev/null\n",
  ];
  const text = lines.join('\n');
  return text.length > MAX_CHARACTERS || text.includes('\0') ? null : text;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
