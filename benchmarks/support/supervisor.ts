import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLEAN_ENV } from './environment.ts';
import type { Place } from './place.ts';

const SHOW = fileURLToPath(import.meta.resolve('../programs/show-supervisor.ts'));

/**
 * The text of the shell program that watches Muster's scripts, be it one in a process or one after the other. It is no part of what
 * the package exports, so a script asks the kernel how its parent was called. Linux only.
 */
export function supervisorText(place: Place): string {
  const copy = place.path('supervisor');
  execFileSync(process.execPath, [SHOW, copy], { env: CLEAN_ENV });
  const [, , text = ''] = readFileSync(copy, 'utf8').split('\0');
  return text;
}
