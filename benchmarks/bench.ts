// `pnpm bench` answers every question, `pnpm bench NAME…` only these. Each question is one file beside this one.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { CERTIFICATES_FOR_LATER, CLEAN_ENV } from './support/environment.ts';
import { Place } from './support/place.ts';
import { VERDICTS_FILE, verdictsIn } from './support/summary.ts';
import { printTable } from './support/table.ts';

/** In the order in which they are asked; those that need the machine for themselves come last. */
const QUESTIONS = [
  'graph',
  'completing',
  'graph-peers',
  'cold-start',
  'wake-up',
  'throughput',
  'waiters',
  'agent-start',
  'manifests',
  'idle',
  'idle-peers',
  'overhead',
  'runners',
  'output',
  'graph-million',
] as const;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(QUESTIONS as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`no such question: ${unknown.join(', ')}. There are: ${QUESTIONS.join(', ')}.`);
  process.exit(2);
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${new Date().toISOString()}`);
using place = new Place();
const verdicts = place.path('verdicts');
for (const name of QUESTIONS) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n## ${name}: pnpm bench ${name}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    env: { ...CLEAN_ENV, ...CERTIFICATES_FOR_LATER, [VERDICTS_FILE]: verdicts },
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}

const summary = verdictsIn(verdicts);
const reached = summary.filter(({ verdict }) => verdict === 'reached').length;
if (summary.length > 0) printTable(`Summary: ${reached} of ${summary.length} goals reached`, summary);
