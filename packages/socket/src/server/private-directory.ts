import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectories } from './make-directories.ts';
import { SocketError } from './socket-error.ts';

const GROUP_AND_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o002;
const STICKY = 0o1000;

/**
 * Makes the directory of a socket, 0700 with whatever is missing above it, or checks the one that is there. It must be a
 * directory, not a link to one, ours, and closed to everyone else: `mkdir` alone accepts what another user has put there,
 * and that user could then put a socket of their own in our place. For the same reason none above it may be
 * writable by everyone without the sticky bit.
 *
 * @throws SocketError `directory_insecure`, `directory_unwritable`.
 */
export function ensurePrivateDirectory(directory: string): void {
  const stats = makeDirectory(directory);
  const problem = problemOf(stats) ?? ancestorProblem(directory);
  if (problem === null) return;
  throw new SocketError(
    'directory_insecure',
    {
      message: `the directory ${JSON.stringify(directory)} can't hold the socket: ${problem}.`,
      hint: `Name a socket in a directory of its own with --socket or MUSTER_SOCKET; one that is not there yet is made, private.${isOwnAndUnshared(stats) ? ` Or close this one to others: chmod 700 ${directory}` : ''}`,
    },
    { directory },
  );
}

function makeDirectory(directory: string): Stats {
  try {
    makeDirectories(directory);
    return lstatSync(directory);
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code ?? 'unknown'; // node:fs throws nothing else.
    const problem = errno === 'EEXIST' ? 'a file of that name is there' : errno;
    throw new SocketError(
      'directory_unwritable',
      {
        message: `the directory of the socket, ${JSON.stringify(directory)}, can't be made: ${problem}.`,
        hint: 'Name a socket in a directory that you may write with --socket or MUSTER_SOCKET.',
      },
      { directory, errno },
    );
  }
}

/** Of such a directory only; /tmp must stay as it is. */
function isOwnAndUnshared(stats: Stats): boolean {
  const isShared = (stats.mode & STICKY) !== 0 || (stats.mode & WRITABLE_BY_OTHERS) !== 0;
  return stats.isDirectory() && !isShared && stats.uid === process.geteuid?.();
}

function problemOf(stats: Stats): string | null {
  if (stats.isSymbolicLink()) return 'it is a symbolic link';
  if (!stats.isDirectory()) return 'it is not a directory';
  if (process.geteuid !== undefined && stats.uid !== process.geteuid()) return `it belongs to the user ${stats.uid}`;
  const open = stats.mode & GROUP_AND_OTHERS;
  return open === 0
    ? null
    : `other users may use it (its mode is ${(stats.mode & 0o7777).toString(8).padStart(4, '0')})`;
}

function ancestorProblem(directory: string): string | null {
  let current = realpathSync(dirname(directory));
  for (;;) {
    const { mode } = lstatSync(current);
    if ((mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0) {
      return `every user may replace it, for ${JSON.stringify(current)} is writable by all and has no sticky bit`;
    }
    if (current === dirname(current)) return null;
    current = dirname(current);
  }
}
