import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The arguments of Node that run the command from source. */
const MUSTER_ARGV = ['--conditions=@muster/source', fileURLToPath(new URL('../../src/muster.ts', import.meta.url))];

/** The words that run the command from source, for a shell. */
export const MUSTER_COMMAND = [process.execPath, ...MUSTER_ARGV].join(' ');

type Child = ChildProcessByStdio<null, Readable, Readable>;

// bash takes a socket as its input for a remote login, and reads ~/.bashrc.
const STDIO: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];

/** How a process ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command as a process of its own. */
export function spawnMuster(argv: readonly string[], env: Record<string, string>): Child {
  return spawn(process.execPath, [...MUSTER_ARGV, ...argv], { stdio: STDIO, env: { PATH: process.env.PATH, ...env } });
}

/** Runs a shell script in which `muster` is the command, and `$MUSTER` the words of it. */
export function spawnShell(script: string, env: Record<string, string>, shell = 'sh'): Child {
  return spawn(shell, ['-c', `muster() { $MUSTER "$@"; }\n${script}`], {
    stdio: STDIO,
    env: { PATH: process.env.PATH, MUSTER: MUSTER_COMMAND, ...env },
  });
}

/** Waits until a process has ended and its output is read. */
export async function ended(child: Child): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]; // As Node documents it.
  return { code, signal, stdout, stderr };
}
