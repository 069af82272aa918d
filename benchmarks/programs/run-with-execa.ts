// Runs a graph of scripts with a loop around execa: a promise a script, a count of those that run, an open file for the output.
// Call: node run-with-execa.ts GRAPH.json [SUPERVISOR]. With the text of a supervisor each script gets a directory and starts under it, as
// Muster's do; without it starts `sh -c :`.
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { execa } from 'execa';
import type { ScriptGraph } from '../support/script-graphs.ts';

const [, , graphFile = '', supervisorFile] = process.argv;
const { folder, concurrency, scripts }: ScriptGraph = JSON.parse(readFileSync(graphFile, 'utf8'));
const supervisor = supervisorFile === undefined ? null : readFileSync(supervisorFile, 'utf8');

let free = concurrency;
const queue: (() => void)[] = [];

async function inTurn(work: () => Promise<void>): Promise<void> {
  if (free === 0) await new Promise<void>((resolve) => queue.push(resolve));
  else free -= 1;
  await work();
  const next = queue.shift();
  if (next === undefined) free += 1;
  else next();
}

async function runOne(id: string): Promise<void> {
  const out = openSync(`${folder}/${id}.log`, 'a', 0o600);
  // execa's types name the descriptors up to 9 only; any open one works.
  const stdio = ['ignore', out as 3, out as 3] as const;
  if (supervisor === null) await execa('sh', ['-c', ':'], { stdio: [...stdio], buffer: false });
  else {
    const directory = `${folder}/${id}`;
    mkdirSync(directory);
    writeFileSync(`${directory}/script`, ':', { mode: 0o700 });
    const argv = ['-c', supervisor, 'muster-run', directory, '/bin/sh', `${directory}/script`];
    await execa('/bin/sh', argv, { stdio: [...stdio, 'pipe'], buffer: false, detached: true });
  }
  closeSync(out);
}

const ended = new Map<string, Promise<void>>();
for (const { id, needs } of scripts) {
  const before = Promise.all(needs.map((need) => ended.get(need)));
  ended.set(
    id,
    before.then(() => inTurn(() => runOne(id))),
  );
}
await Promise.all(ended.values());
