import { realpathSync, type Stats } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { quote } from '../../render/names.ts';
import { shellWord } from '../../render/shell-word.ts';
import { type Check, type Finding, noPath, ok, problem, warning } from '../finding.ts';
import { isOurs, kindOf, look, modeOf } from '../look.ts';

const GROUP_AND_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

const ELSEWHERE = 'Name a socket in another directory with --socket or MUSTER_SOCKET.';

/** Whether the directory of the socket is ours alone, and nobody can put another in its place. The agent refuses it otherwise. */
export const socketDirectoryCheck: Check = {
  id: 'socket-directory',
  run: ({ socket }) => {
    if (!isAbsolute(socket.path)) return noPath();
    const directory = dirname(socket.path);
    const found = look(directory);
    if (found === null) return missing(directory);
    if (typeof found === 'string') return problem(`${quote(directory)} can't be looked at (${found}).`, ELSEWHERE);
    return (
      ownProblem(directory, found) ?? ancestorProblem(directory) ?? ok(`${quote(directory)} is yours alone (0700).`)
    );
  },
};

function missing(directory: string): Finding {
  return warning(
    `${quote(directory)} is not there.`,
    'The agent makes it when it starts. If one runs already, it has another socket: name it with --socket or MUSTER_SOCKET.',
  );
}

function ownProblem(directory: string, stats: Stats): Finding | null {
  if (!stats.isDirectory()) return problem(`${quote(directory)} is ${kindOf(stats)}, not a directory.`, ELSEWHERE);
  if (!isOurs(stats)) return problem(`${quote(directory)} belongs to the user ${stats.uid}, not to you.`, ELSEWHERE);
  if ((stats.mode & GROUP_AND_OTHERS) === 0) return null;
  const isShared = (stats.mode & (STICKY | 0o002)) !== 0;
  const remedy = isShared ? 'Name a socket in a directory of its own.' : `Run: chmod 700 ${shellWord(directory)}`;
  return problem(`Other users may use ${quote(directory)} (mode ${modeOf(stats)}).`, remedy);
}

/** Whoever may write to a directory above may rename what is in it. */
function ancestorProblem(directory: string): Finding | null {
  const above = dirname(directory);
  const real = realpathSync(above);
  for (let current = real; ; current = dirname(current)) {
    const stats = look(current);
    if (stats !== null && typeof stats !== 'string') {
      const finding = componentProblem(current, stats);
      if (finding !== null) return finding;
    }
    if (current === dirname(current)) break;
  }
  if (real === above) return null;
  return ok(`${quote(directory)} is yours alone (0700), reached over a link to ${quote(real)}.`);
}

function componentProblem(path: string, stats: Stats): Finding | null {
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0 && (stats.mode & STICKY) === 0) {
    const finding = `Other users may replace what is in ${quote(path)} (mode ${modeOf(stats)}, no sticky bit).`;
    const remedy = `Run: chmod go-w ${shellWord(path)}, or name a socket elsewhere with --socket or MUSTER_SOCKET.`;
    // The agent refuses only what everyone may write; a group may be this user's own.
    return (stats.mode & 0o002) !== 0 ? problem(finding, remedy) : warning(finding, remedy);
  }
  if (isOurs(stats) || stats.uid === 0) return null;
  return warning(
    `${quote(path)} belongs to the user ${stats.uid}, who may replace what is in it.`,
    'Name a socket elsewhere with --socket or MUSTER_SOCKET, unless you trust that user.',
  );
}
