import { isAbsolute } from 'node:path';
import { quote } from '../../render/names.ts';
import { type Check, ok, problem, type Surroundings, sentence, warning } from '../finding.ts';

const REASONS: Readonly<Record<Surroundings['socket']['source'], string>> = {
  flag: 'named by --socket',
  env: 'named by MUSTER_SOCKET',
  runtime_dir: 'the default, under XDG_RUNTIME_DIR',
  cache_dir: 'the default, in the cache directory, for there is no XDG_RUNTIME_DIR of this user',
};

/** Which socket it is, why that one, and whether its path can be one. */
export const socketPathCheck: Check = {
  id: 'socket-path',
  run: ({ socket, contact, env }) => {
    const error = contact.kind === 'failed' ? contact.error : null;
    if (error !== null && socket.source === 'cache_dir' && !isAbsolute(socket.path))
      return problem(sentence(error.message), error.hint ?? '');
    if (error?.code === 'path_invalid' || error?.code === 'path_too_long')
      return problem(`${sentence(error.message)} It is ${REASONS[socket.source]}.`, error.hint ?? '');
    const finding = `The socket is ${quote(socket.path)}: ${REASONS[socket.source]}.`;
    if (socket.source === 'env' && env.MUSTER_SOCKET !== undefined && !isAbsolute(env.MUSTER_SOCKET))
      return warning(
        finding,
        'MUSTER_SOCKET is relative, so it is another socket in every directory. Make it absolute.',
      );
    if (socket.source === 'cache_dir' && env.XDG_RUNTIME_DIR)
      return warning(
        `${finding} XDG_RUNTIME_DIR is ${quote(env.XDG_RUNTIME_DIR)}, which is not there, not a directory, or of another user.`,
        'Unset XDG_RUNTIME_DIR, or log in anew (not by sudo or su), so that agent and commands agree on one socket.',
      );
    return ok(finding);
  },
};
