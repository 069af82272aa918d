// How long from the start of the process until the socket answers? The floor is Node's own server.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compare } from './support/compare.ts';
import { CLEAN_ENV } from './support/environment.ts';
import { manifestOf } from './support/manifests.ts';
import { Place } from './support/place.ts';
import { agentCommand, untilAnswered } from './support/server-process.ts';

const BARE_SERVER = fileURLToPath(import.meta.resolve('./programs/bare-server.cjs'));

async function untilSocketAnswers(path: string, argv: readonly string[]): Promise<number> {
  rmSync(path, { force: true });
  const before = performance.now();
  const child = spawn(argv[0] ?? '', argv.slice(1), { env: CLEAN_ENV, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await untilAnswered(path, child);
  const after = performance.now();
  child.kill('SIGKILL');
  await ended;
  return after - before;
}

function agentWith(scripts: number): () => Promise<number> {
  return async () => {
    using place = new Place();
    const path = place.path('agent.sock');
    return await untilSocketAnswers(path, agentCommand(place, manifestOf(scripts), path));
  };
}

await compare({
  title: 'From the start of the process to the first answer',
  unit: 'ms',
  rounds: 11,
  contenders: [
    {
      name: 'bare server',
      measure: async () => {
        using place = new Place();
        const path = place.path('bare.sock');
        return await untilSocketAnswers(path, [process.execPath, BARE_SERVER, path]);
      },
    },
    { name: 'agent, 1 script', measure: agentWith(1) },
    { name: 'agent, 1,000 scripts', measure: agentWith(1000) },
  ],
});
