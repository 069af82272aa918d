import { linkSync, lstatSync, renameSync, rmSync, type Stats } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { socketPathProblem } from '../path/socket-path.ts';
import { DirectoryLock, inUse } from './directory-lock.ts';
import { ensurePrivateDirectory } from './private-directory.ts';
import { SocketError } from './socket-error.ts';
import type { SocketLogger } from './socket-logger.ts';
import { withUmask } from './with-umask.ts';

/** Clients beyond it get EAGAIN; Node's own default of 511 refuses nine of ten in a burst of 5,000. */
const BACKLOG = 4_096;

/** Where the socket is bound before it gets its name. Only the owner of the lock ever uses it. */
const TEMPORARY_NAME = '.s';

interface BindOptions {
  readonly logger: SocketLogger;
  readonly onConnection: (socket: Socket) => void;
}

/** A socket that listens under its name. Disposing of it removes the name, if it is still ours, and frees the lock. */
export interface BoundSocket extends AsyncDisposable {
  /** Connections that are open go on. */
  stopAccepting(): void;
}

/**
 * Makes the socket appear under its name, 0600 from its first instant. Everything from the look at what is there to the
 * name being taken happens under the lock of the directory: `connect`, `unlink`, `bind` alone let two owners through.
 *
 * @throws SocketError
 */
export async function bindSocket(path: string, options: BindOptions): Promise<BoundSocket> {
  const problem = socketPathProblem(path);
  if (problem !== null) throw new SocketError(problem.code, problem, { path });
  const directory = dirname(path);
  ensurePrivateDirectory(directory);
  const lock = DirectoryLock.acquire(directory);
  try {
    await removeStale(path);
    const temporary = join(directory, TEMPORARY_NAME);
    rmSync(temporary, { force: true });
    const server = await listenAt(temporary, options);
    const own = giveName(server, temporary, path);
    return bound({ server, path, own, lock });
  } catch (error) {
    lock[Symbol.dispose]();
    throw error instanceof SocketError ? error : listenFailed(path, error);
  }
}

function bound(socket: { server: Server; path: string; own: Stats; lock: DirectoryLock }): BoundSocket {
  const { server, path, own, lock } = socket;
  const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
  return {
    // Closing takes away only the temporary name, which is gone already.
    stopAccepting: () => void server.close(),
    [Symbol.asyncDispose]: async () => {
      server.close();
      await closed;
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found?.ino === own.ino && found.dev === own.dev) rmSync(path, { force: true });
      lock[Symbol.dispose]();
    },
  };
}

/** A socket that nobody listens on is removed. Any other file stays, and so does a socket that someone listens on. */
async function removeStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new SocketError(
      'not_a_socket',
      {
        message: `${JSON.stringify(path)} is there already, and is not a socket.`,
        hint: 'Move it away, or name another path with --socket or MUSTER_SOCKET.',
      },
      { path },
    );
  }
  // A server that knows nothing of the lock may listen there.
  if (await isLive(path)) throw inUse(dirname(path), undefined, path);
  rmSync(path, { force: true });
}

/** Only `ECONNREFUSED` says for sure that nobody listens. */
function isLive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}

function listenAt(path: string, { logger, onConnection }: BindOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    // Half open: a client that has said all it wants to say still gets its answers.
    const server = createServer({ allowHalfOpen: true }, onConnection);
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      server.on('error', (error: NodeJS.ErrnoException) => logger.warn({ errno: error.code }, 'accepting failed'));
      resolve(server);
    });
    // Node binds within this call, so the umask holds for it and for nothing else.
    withUmask(0o177, () => server.listen({ path, backlog: BACKLOG, exclusive: true }));
  });
}

/** @returns what is now under the name, to know it again. */
function giveName(server: Server, temporary: string, path: string): Stats {
  try {
    linkOrRename(temporary, path);
    rmSync(temporary, { force: true });
    return lstatSync(path);
  } catch (error) {
    server.close();
    throw error;
  }
}

function linkOrRename(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // node:fs throws nothing else.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    // A file system without hard links. Renaming would replace a file that came since, but only this user could make one.
    renameSync(temporary, path);
  }
}

function listenFailed(path: string, error: unknown): SocketError {
  const { code = 'unknown', message } = error as NodeJS.ErrnoException; // From node:fs or node:net.
  const unwritable = code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC' || code === 'EPERM';
  const text = {
    message: `can't listen at ${JSON.stringify(path)}: ${message}.`,
    hint: 'Name another path with --socket or MUSTER_SOCKET.',
  };
  return new SocketError(unwritable ? 'directory_unwritable' : 'listen_failed', text, { path, errno: code });
}
