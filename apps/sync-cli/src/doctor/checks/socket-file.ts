import { isAbsolute } from 'node:path';
import { ClientError } from '@muster/socket/client';
import { quote } from '../../render/names.ts';
import { shellWord } from '../../render/shell-word.ts';
import { type Check, noPath, ok, problem, type Surroundings, unknown, warning } from '../finding.ts';
import { isOurs, kindOf, look, modeOf } from '../look.ts';

/** Whether the socket is there, a socket, ours, and closed to others. */
export const socketFileCheck: Check = {
  id: 'socket-file',
  run: ({ socket: { path }, contact }) => {
    if (!isAbsolute(path)) return noPath();
    const found = look(path);
    if (found === null) return warning(`There is no ${quote(path)}.`, 'Start the agent: muster-agent run FILE');
    if (typeof found === 'string') return unknown(`${quote(path)} can't be looked at (${found}).`);
    if (!found.isSocket())
      return problem(
        `${quote(path)} is ${kindOf(found)}, not a socket. The agent does not replace it.`,
        'Move it away, or name another path with --socket or MUSTER_SOCKET.',
      );
    if (!isOurs(found))
      return problem(
        `${quote(path)} belongs to the user ${found.uid}, not to you.`,
        'Name the socket of your own agent with --socket or MUSTER_SOCKET.',
      );
    if (isStale(contact))
      return warning(
        `${quote(path)} is a socket that nobody listens on: an agent that was killed left it behind.`,
        'Start the agent, which replaces it: muster-agent run FILE',
      );
    if ((found.mode & 0o077) !== 0)
      return warning(
        `Other users may use ${quote(path)} (mode ${modeOf(found)}).`,
        `Run: chmod 600 ${shellWord(path)}`,
      );
    return ok(`${quote(path)} is a socket for you alone (${modeOf(found)}).`);
  },
};

/** Of a socket without a listener the mode is of no matter. */
function isStale(contact: Surroundings['contact']): boolean {
  if (contact.kind === 'answered' || !(contact.error instanceof ClientError)) return false;
  return contact.error.facts.errno === 'ECONNREFUSED';
}
