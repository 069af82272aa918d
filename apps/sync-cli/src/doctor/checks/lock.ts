import { readFileSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { quote } from '../../render/names.ts';
import { type Check, type Finding, noPath, ok, problem, type Surroundings, unknown, warning } from '../finding.ts';
import { look } from '../look.ts';

/** Who has the right to serve from the directory of the socket, and whether that is the agent that answers. */
export const lockCheck: Check = {
  id: 'lock',
  run: ({ socket, contact }) => {
    if (!isAbsolute(socket.path)) return noPath();
    const directory = dirname(socket.path);
    const lock = look(join(directory, 'agent.lock'));
    if (lock === null) return ok('No agent has ever served from this directory.');
    if (typeof lock === 'string') return unknown(`The lock in ${quote(directory)} can't be looked at (${lock}).`);
    return judge({ held: holders(lock), written: writtenPid(join(directory, 'agent.pid')), contact });
  },
};

interface Locked {
  /** Processes that hold the lock, by the kernel's word; `null` where it doesn't say. */
  readonly held: readonly number[] | null;
  /** The process that wrote its number, if it still lives. */
  readonly written: number | null;
  readonly contact: Surroundings['contact'];
}

function judge({ held, written, contact }: Locked): Finding {
  const owner = ownerOf({ held, written, contact });
  const isHeld = owner !== null || (held?.length ?? 0) > 0;
  const who = owner === null ? 'a process that is not seen from here' : `the process ${owner}`;
  if (contact.kind === 'answered')
    return isHeld
      ? ok(`The lock is held by ${who}.`)
      : warning(
          'An agent answers, but nobody holds the lock of its directory: a second one could take its place.',
          'Start the agent again; its lock file was removed, or is on a file system without locks.',
        );
  if (!isHeld) return ok('The lock is free.');
  return problem(
    `The lock is held by ${who}, but no agent answers at this path.`,
    owner === null
      ? 'An agent serves another name in this directory: name it with --socket.'
      : `An agent serves another name in this directory (name it with --socket), or it hangs: look at its log, or stop it with "kill ${owner}".`,
  );
}

function ownerOf({ held, written, contact }: Locked): number | null {
  if (held === null) return written;
  // The kernel says 0 for a process outside of this container, and on some layered file systems knows the file by another number.
  const isSeen = held.length > 0 || contact.kind === 'answered';
  return held.find((pid) => pid > 0) ?? (isSeen ? written : null);
}

/** From the kernel's table, because trying the lock could be in the way of an agent that just starts. */
function holders({ ino }: Stats): number[] | null {
  try {
    const lines = readFileSync('/proc/locks', 'utf8').split('\n');
    const ours = lines.filter((line) => line.includes(`:${ino} `) && !line.includes('->'));
    return ours.map((line) => Number(/(?:READ|WRITE)\s+(-?\d+)/.exec(line)?.[1] ?? 0));
  } catch {
    // Only Linux has this table.
    return null;
  }
}

function writtenPid(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    if (!Number.isInteger(pid) || pid < 1) return null;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives, as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
      ? Number(readFileSync(path, 'utf8'))
      : null;
  }
}
