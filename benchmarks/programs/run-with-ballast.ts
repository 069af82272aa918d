// Runs scripts that do nothing in a process that holds memory, as a large agent would, and watches how long its event loop stands still.
// Prints one line of JSON. Call: node run-with-ballast.ts STATE_DIRECTORY SCRIPTS CONCURRENCY MEGABYTES
import { type Script, ScriptRunner, type Trigger } from '@muster/scripts';
import { UnitManager } from '@muster/unit';
import { type Blocks, LoopWatch } from '../support/loop-watch.ts';

const [, , stateDir = '', scripts = '0', concurrency = '1', megabytes = '0'] = process.argv;

/** Pages that have been written to: those are what a fork copies the tables of. */
const ballast = Array.from({ length: Number(megabytes) }, () => Buffer.alloc(1e6, 1));

interface Phase extends Blocks {
  readonly msPerScript: number;
}

async function measure(trigger: 'start' | 'stop', count: number): Promise<Phase> {
  using watch = new LoopWatch();
  const begun = performance.now();
  const reports = await runner.execute(trigger);
  const took = performance.now() - begun;
  if (reports.some(({ outcome }) => outcome !== 'succeeded')) throw new Error('a script failed');
  return { msPerScript: took / count, ...watch.blocks };
}

function scriptsOf(trigger: Trigger, count: number, script: string): readonly Script[] {
  const ids = Array.from({ length: count }, (_, index) => `${trigger}-${index}`);
  return ids.map((id) => ({ id, displayName: id, script, triggers: [trigger] }));
}

const runner = new ScriptRunner(new UnitManager({ now: Date.now }), { stateDir, concurrency: Number(concurrency) });
// The first ones overlap, so that there is a supervisor for each.
const some = scriptsOf('start', Number(concurrency), 'sleep 1');
const many = scriptsOf('stop', Number(scripts), ':');
await runner.init([...some, ...many]);
const first = await measure('start', some.length);
const then = await measure('stop', many.length);
const rssMb = process.memoryUsage().rss / 1e6;
console.log(JSON.stringify({ first, then, rssMb, ballastMb: ballast.length }));
