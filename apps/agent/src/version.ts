import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** The version of this package. One directory up both from src/ and from dist/. */
export function agentVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
