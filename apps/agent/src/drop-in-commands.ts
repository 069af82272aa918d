import { join } from 'node:path';
import { writeExecutable } from './executable-file.ts';
import { shellQuoted } from './shell-quoted.ts';

/** A program of another system whose commands for the order of scripts `muster` understands too. */
interface DropIn {
  readonly program: string;
  /** Its commands that are served here, for people. */
  readonly serves: string;
  /** A command of sh that tells whether the arguments are one of them. */
  readonly isServed: string;
  /** How many of the arguments only lead there, and are not passed to `muster`. */
  readonly leading: number;
}

const DROP_INS: readonly DropIn[] = [
  { program: 'coder', serves: '"coder exp sync"', isServed: '[ "$1 $2" = "exp sync" ]', leading: 2 },
  {
    program: 'gp',
    serves: '"gp sync-done" and "gp sync-await"',
    isServed: '[ "$1" = sync-done ] || [ "$1" = sync-await ]',
    leading: 0,
  },
];

/** Whether scripts have the drop-in commands on their PATH, or why not. */
export type DropInCommands = { readonly kind: 'written' } | { readonly kind: 'missing'; readonly reason: string };

/**
 * Writes `coder` and `gp` into the directory that scripts have first on their PATH, next to `muster`, so that scripts
 * written for `coder exp sync` and for `gp sync-done` and `gp sync-await` work unmodified. Any other use, and all use while
 * there is no `muster`, is passed on to the program of that name that comes later on the PATH; without one it ends with 127.
 */
export function writeDropInCommands(directory: string): DropInCommands {
  try {
    for (const dropIn of DROP_INS) writeExecutable(join(directory, dropIn.program), wrapper(dropIn, directory));
    return { kind: 'written' };
  } catch (error) {
    return { kind: 'missing', reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * A wrapper looks only at what comes after itself on the PATH. Those of several agents, one inside the other, therefore
 * never pass a call on in a circle. `-ef` compares files, so that a link or another spelling of the directory is no way round.
 */
function wrapper({ program, serves, isServed, leading }: DropIn, directory: string): string {
  const missing = `${program}: no other ${program} comes later on the PATH; this one, of Muster, serves only ${serves}, and only while its command muster is installed.`;
  return `#!/bin/sh
muster=${shellQuoted(join(directory, 'muster'))}
if [ -x "$muster" ] && { ${isServed}; }; then
  shift ${leading}
  exec "$muster" compat ${program} "$@"
fi
real=
IFS=:
set -f
for folder in $PATH; do
  file=\${folder:-.}/${program}
  if [ "$file" -ef "$0" ]; then
    real=
  elif [ -z "$real" ] && [ -f "$file" ] && [ -x "$file" ]; then
    real=$file
  fi
done
unset IFS
if [ -n "$real" ]; then exec "$real" "$@"; fi
echo ${shellQuoted(missing)} >&2
exit 127
`;
}
