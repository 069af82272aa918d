import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLEAN_ENV } from './environment.ts';

/** The built file behind a `bin` entry, found as an installed package is found. */
function binary(manifest: string, name: string): string {
  const file = fileURLToPath(manifest);
  return join(dirname(file), JSON.parse(readFileSync(file, 'utf8')).bin[name]);
}

/** The built `muster-agent`. */
export const AGENT = binary(import.meta.resolve('@muster/agent/package.json'), 'muster-agent');

/** The built `muster`. */
export const MUSTER = binary(import.meta.resolve('@muster/sync-cli/package.json'), 'muster');

/** Runs a program to its end, and tells how long that took, in milliseconds. @throws Error where it fails. */
export function timeProgram(argv: readonly string[], env: Readonly<Record<string, string>> = CLEAN_ENV): number {
  const [command = '', ...rest] = argv;
  const before = performance.now();
  const { status, stderr, error } = spawnSync(command, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const after = performance.now();
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr ?? error}`);
  return after - before;
}

/** Whether a program is on the PATH. */
export function isInstalled(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { env: CLEAN_ENV }).status === 0;
}
