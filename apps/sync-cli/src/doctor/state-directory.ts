import { homedir } from 'node:os';
import { basename, isAbsolute, join, resolve } from 'node:path';
import type { Io } from '../io.ts';

/**
 * Where the agent of a socket keeps its state, unless it was told otherwise with `--state-dir`. The rule is the agent's
 * (apps/agent/src/state-directory.ts), which the command can't import; a test of the repository holds both together.
 */
export function stateDirectoryOf(from: {
  readonly flag: string | undefined;
  readonly env: Io['env'];
  readonly socketPath: string;
}): { path: string; isNamed: boolean } {
  if (from.flag !== undefined) return { path: resolve(from.flag), isNamed: true };
  const slug = basename(from.socketPath, '.sock')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 32);
  // Not an import, which every other command would pay for.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256').update(from.socketPath).digest('hex').slice(0, 12);
  return { path: join(stateHome(from.env), 'muster', `${slug}-${hash}`), isNamed: false };
}

function stateHome({ XDG_STATE_HOME: stateHome, HOME: home }: Io['env']): string {
  if (stateHome && isAbsolute(stateHome)) return stateHome;
  return join(home && isAbsolute(home) ? home : homedir(), '.local', 'state');
}
