import { readFileSync } from 'node:fs';

/** The version of this package. One directory up both from src/ and from dist/. */
export function agentVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string }; // Our own file: no schema library is loaded for it.
  return version;
}
