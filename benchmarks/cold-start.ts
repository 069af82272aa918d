// How long does a command take that makes one call? The floor is an empty program of the same Node; the bare client shows what
// opening a socket adds to it. NODE_EXTRA_CA_CERTS is not set. The agent has 20 units, which are started again and again.
import { fileURLToPath } from 'node:url';
import { MUSTER, timeProgram } from './support/binaries.ts';
import { compare } from './support/compare.ts';
import { Place } from './support/place.ts';
import { ServerProcess } from './support/server-process.ts';

const ROUNDS = 101;
const UNITS = 20;
const GOAL = { atMost: 1.35 };
const BARE_CLIENT = fileURLToPath(import.meta.resolve('./programs/bare-client.cjs'));

using place = new Place();
await using agent = await ServerProcess.agent(place);
await using client = await agent.client();
for (let unit = 0; unit < UNITS; unit += 1) {
  await client.call('sync.start', { unit: `unit-${unit}` });
  await client.call('sync.complete', { unit: `unit-${unit}` });
}
let started = 0;

function muster(...words: readonly string[]): () => number {
  return () => timeProgram([process.execPath, MUSTER, ...words, '--socket', agent.path]);
}

await compare({
  title: 'A command from its start to its end',
  unit: 'ms',
  rounds: ROUNDS,
  contenders: [
    { name: 'node -e 0', measure: () => timeProgram([process.execPath, '-e', '0']) },
    { name: 'bare client', measure: () => timeProgram([process.execPath, BARE_CLIENT, agent.path, 'ping']) },
    { name: 'muster ping', measure: muster('ping'), goal: GOAL },
    { name: 'muster list', measure: muster('list'), goal: GOAL },
    {
      name: 'muster start',
      measure: async () => {
        const unit = `unit-${started % UNITS}`;
        started += 1;
        const ms = muster('start', unit)();
        await client.call('sync.complete', { unit });
        return ms;
      },
      goal: GOAL,
    },
    { name: 'muster --help', measure: () => timeProgram([process.execPath, MUSTER, '--help']) },
  ],
});
