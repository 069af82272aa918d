import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, where the examples are. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** The built file behind a `bin` entry, found as an installed package is found. */
function binary(manifest: string, name: string): string {
  const file = fileURLToPath(manifest);
  return path.join(path.dirname(file), JSON.parse(readFileSync(file, 'utf8')).bin[name]);
}

/** The built `muster-agent`. */
export const AGENT = binary(import.meta.resolve('@muster/agent/package.json'), 'muster-agent');

/** The built `muster`. */
export const MUSTER = binary(import.meta.resolve('@muster/sync-cli/package.json'), 'muster');
