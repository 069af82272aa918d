import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { makeDirectories } from '@muster/scripts';
import { quote } from '@muster/unit';
import { AgentError } from './agent-error.ts';

/**
 * Where runs, logs and data of scripts are kept: the given directory, else one per socket below
 * `${XDG_STATE_HOME:-$HOME/.local/state}/muster`. One per socket, because the lock of the socket is what keeps two
 * agents apart.
 */
export function stateDirectory(from: {
  flag?: string | undefined;
  env: NodeJS.ProcessEnv;
  socketPath: string;
}): string {
  if (from.flag !== undefined) return resolve(from.flag);
  return join(stateHome(from.env), 'muster', directoryNameOf(from.socketPath));
}

/** A relative path counts as unset, as the XDG base directory specification says. */
function stateHome({ XDG_STATE_HOME: stateHome, HOME: home }: NodeJS.ProcessEnv): string {
  if (stateHome && isAbsolute(stateHome)) return stateHome;
  return join(home && isAbsolute(home) ? home : homedir(), '.local', 'state');
}

/** Readable, and different for each socket path: `agent-1f2e3d4c5b6a`. */
function directoryNameOf(socketPath: string): string {
  const slug = basename(socketPath, '.sock')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 32);
  const hash = createHash('sha256').update(socketPath).digest('hex').slice(0, 12);
  return `${slug}-${hash}`;
}

/**
 * Makes the directory with mode 0700 where it isn't there, and checks that nobody else can change what is in it.
 *
 * @throws AgentError `state_directory_unusable`, `state_directory_insecure`
 */
export function prepareStateDirectory(directory: string): void {
  if (directory.includes('\0')) throw unusable(directory, 'the path has a NUL character');
  try {
    makeDirectories(directory);
  } catch (error) {
    throw unusable(directory, error instanceof Error ? error.message : String(error));
  }
  const stat = lstatSync(directory);
  if (!stat.isDirectory()) throw insecure(directory, 'it is a link, not a directory');
  if (stat.uid !== process.getuid?.()) throw insecure(directory, `it belongs to the user with id ${stat.uid}`);
  if ((stat.mode & 0o022) !== 0)
    throw insecure(directory, `others may write to it (mode ${(stat.mode & 0o777).toString(8)})`);
}

function unusable(directory: string, why: string): AgentError {
  const message = `can't use the state directory ${quote(directory)}: ${why}`;
  return new AgentError(
    'state_directory_unusable',
    message,
    'Name a directory that can be written to with --state-dir.',
  );
}

function insecure(directory: string, why: string): AgentError {
  const message = `won't use the state directory ${quote(directory)}: ${why}`;
  return new AgentError(
    'state_directory_insecure',
    message,
    'Make it your own with mode 0700, or name another with --state-dir.',
  );
}
