import { type Stats, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The longest path of a unix socket, in bytes. `sun_path` holds 108 on Linux with the final NUL; Node 22 cuts a longer
 * path silently and binds somewhere else (libuv issue 4036).
 */
export const MAX_SOCKET_PATH_BYTES = 107;

/** Where a socket path came from: the command line, `MUSTER_SOCKET`, `XDG_RUNTIME_DIR`, or the cache under the home. */
export type SocketPathSource = 'flag' | 'env' | 'runtime_dir' | 'cache_dir';

/** The environment variables that decide the path. */
export type SocketPathEnv = Readonly<Record<string, string | undefined>>;

/**
 * Where the agent listens and its clients connect: `flag`, else `MUSTER_SOCKET`, else
 * `$XDG_RUNTIME_DIR/muster/agent.sock` where that directory is there and ours, else
 * `${XDG_CACHE_HOME:-$HOME/.cache}/muster/run/agent.sock`. Relative paths count from the working directory. An empty
 * variable counts as unset, an empty flag doesn't.
 */
export function resolveSocketPath(from: { readonly flag?: string | undefined; readonly env: SocketPathEnv }): {
  path: string;
  source: SocketPathSource;
} {
  const { flag, env } = from;
  if (flag !== undefined) return { path: absolute(flag), source: 'flag' };
  if (env.MUSTER_SOCKET) return { path: absolute(env.MUSTER_SOCKET), source: 'env' };
  const runtime = env.XDG_RUNTIME_DIR;
  if (runtime && isOwnDirectory(runtime)) {
    return { path: join(runtime, 'muster', 'agent.sock'), source: 'runtime_dir' };
  }
  return { path: join(cacheHome(env), 'muster', 'run', 'agent.sock'), source: 'cache_dir' };
}

/** The path of {@link resolveSocketPath} where neither a flag nor `MUSTER_SOCKET` names one. */
export function defaultSocketPath(env: SocketPathEnv): string {
  return resolveSocketPath({ env: { ...env, MUSTER_SOCKET: undefined } }).path;
}

/** What keeps a text from being the path of a socket, or `null`. Looks at the text only, never at the file system. */
export type SocketPathProblem = {
  readonly code: 'path_invalid' | 'path_too_long';
  readonly message: string;
  readonly hint: string;
};

export function socketPathProblem(path: string): SocketPathProblem | null {
  const invalid = (problem: string): SocketPathProblem => ({
    code: 'path_invalid',
    message: `${JSON.stringify(path)} can't be the path of a socket: ${problem}.`,
    hint: 'Name an absolute path of a file with --socket or MUSTER_SOCKET.',
  });
  if (path === '') return invalid('it is empty');
  if (path.includes('\0')) return invalid('it has a NUL character');
  if (!isAbsolute(path)) return invalid('it is relative');
  if (path.endsWith('/')) return invalid('it names a directory');
  const bytes = Buffer.byteLength(path);
  if (bytes <= MAX_SOCKET_PATH_BYTES) return null;
  return {
    code: 'path_too_long',
    message: `the socket path ${JSON.stringify(path)} is ${bytes} bytes long; the limit is ${MAX_SOCKET_PATH_BYTES}.`,
    hint: 'Name a shorter path with --socket or MUSTER_SOCKET.',
  };
}

/** Empty text and a final slash stay as they are, so that the check of the path can name them. */
function absolute(path: string): string {
  return path === '' || path.endsWith('/') ? path : resolve(path);
}

function cacheHome(env: SocketPathEnv): string {
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return env.XDG_CACHE_HOME;
  if (env.HOME && isAbsolute(env.HOME)) return join(env.HOME, '.cache');
  // Loaded here, since hardly any client comes here and each would pay for it.
  return join(process.getBuiltinModule('node:os').homedir(), '.cache');
}

/** `sudo` keeps the variable of another user, and the directory is gone after the last logout. */
function isOwnDirectory(path: string): boolean {
  if (!isAbsolute(path)) return false;
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && (process.geteuid === undefined || stats.uid === process.geteuid());
}
