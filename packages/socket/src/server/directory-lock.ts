import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { SocketError } from './socket-error.ts';
import { withUmask } from './with-umask.ts';

/** How long SQLite itself tries for the lock, in milliseconds. In this time the owner writes its pid. */
const BUSY_MS = 100;

/**
 * How often to try when nobody owns the lock. Of several that start together each may keep the others from it, and none has
 * it in the end.
 */
const ATTEMPTS = 8;

/** How often, and with which pauses in milliseconds, to look for the owner's pid. */
const PID_ATTEMPTS = 4;
const PID_PAUSE_MS = 50;

/**
 * The right to serve from a directory. It belongs to one process at a time, and the kernel takes it back when that
 * process ends, however it ends: it is SQLite's file lock, the one lock of the kernel that Node reaches by itself.
 */
export class DirectoryLock implements Disposable {
  readonly #database: DatabaseSync;
  readonly #pidFile: string;
  #held = true;

  private constructor(database: DatabaseSync, pidFile: string) {
    this.#database = database;
    this.#pidFile = pidFile;
  }

  /** Blocks for a moment while another has it. @throws SocketError `in_use`, `directory_unwritable`. */
  static acquire(directory: string): DirectoryLock {
    const pidFile = join(directory, 'agent.pid');
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const lock = DirectoryLock.#try(directory, pidFile);
      if (lock !== null) return lock;
      const owner = ownerPid(pidFile);
      if (owner !== undefined) throw inUse(directory, owner);
      pause(Math.random() * PID_PAUSE_MS); // So that those who stood in each other's way do not meet again.
    }
    throw inUse(directory, undefined);
  }

  /** @returns `null` where somebody else has it, or tries to get it. */
  static #try(directory: string, pidFile: string): DirectoryLock | null {
    const database = open(directory);
    try {
      // Never ended, so the lock stays; nothing is ever written, so no journal appears beside it.
      database.exec('BEGIN EXCLUSIVE');
      withUmask(0o177, () => writeFileSync(pidFile, `${process.pid}\n`));
      return new DirectoryLock(database, pidFile);
    } catch (error) {
      database.close();
      if (isBusy(error)) return null;
      throw unusable(directory, error);
    }
  }

  [Symbol.dispose](): void {
    if (!this.#held) return;
    this.#held = false;
    rmSync(this.#pidFile, { force: true });
    this.#database.close();
  }
}

function open(directory: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  try {
    return withUmask(0o177, () => new DatabaseSync(join(directory, 'agent.lock'), { timeout: BUSY_MS }));
  } catch (error) {
    throw unusable(directory, error);
  }
}

/** Node 22 warns on stderr that SQLite is an experiment, which tells the user of an agent nothing. */
function loadSqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  const isAboutSqlite = (warning: unknown): boolean => /SQLite/.test(String(warning));
  process.emitWarning = (...args: unknown[]) => {
    if (!isAboutSqlite(args[0])) Reflect.apply(emitWarning, process, args);
  };
  try {
    // Not an import: that would run before the warning is held back, and bundlers cut the "node:" that it needs.
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The result code of SQLite that says that another holds the lock. */
const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

/** The pid of the owner, which it writes right after it has got the lock: on a busy machine, a moment after. */
function ownerPid(pidFile: string): number | undefined {
  for (let attempt = 0; attempt < PID_ATTEMPTS; attempt += 1) {
    const pid = readPid(pidFile);
    // One that is gone had the lock before, and was killed: its successor has not written yet.
    if (pid !== undefined && isAlive(pid)) return pid;
    pause(PID_PAUSE_MS);
  }
  return undefined;
}

/** Nothing else goes on while the agent takes its socket. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // kill throws nothing else.
  }
}

function readPid(pidFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    // The owner is just leaving; its pid is only a help to people.
    return undefined;
  }
}

/** Another process serves from the directory, or from this very path. */
export function inUse(directory: string, ownerPid: number | undefined, path?: string): SocketError {
  const who = ownerPid === undefined ? 'another process' : `the agent with pid ${ownerPid}`;
  return new SocketError(
    'in_use',
    {
      message: `${who} serves from ${JSON.stringify(path ?? directory)} already.`,
      hint: 'Use that agent, stop it first, or give this one a socket in another directory with --socket or MUSTER_SOCKET.',
    },
    {
      directory,
      ...(ownerPid === undefined ? {} : { ownerPid }),
      ...(path === undefined ? {} : { path }),
    },
  );
}

function unusable(directory: string, error: unknown): SocketError {
  return new SocketError(
    'directory_unwritable',
    {
      message: `the directory ${JSON.stringify(directory)} can't be locked: ${error instanceof Error ? error.message : String(error)}.`,
      hint: 'Name a socket in a directory on a local disk that you may write with --socket or MUSTER_SOCKET.',
    },
    { directory },
  );
}
