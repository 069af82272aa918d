// Runs one script with the runner, and prints what came of it as JSON. Its output is read by a sink that looks at each line ("lines")
// or takes whole batches ("chunks"), or not at all. Call: node run-loud-script.ts STATE_DIR SCRIPT_TEXT lines|chunks|unread
import { type LogBatch, linesOf, ScriptRunner } from '@muster/scripts';
import { UnitManager } from '@muster/unit';

const [, , stateDir = '', script = '', reading] = process.argv;
let lines = 0;
let characters = 0;
let readAt = 0;

const sink = {
  send: (batch: LogBatch) => {
    characters += batch.text.length;
    if (reading === 'chunks') return;
    for (const line of linesOf(batch)) if (line.length > 0) lines += 1;
  },
  flush: () => {
    readAt = performance.now();
  },
};
const runner = new ScriptRunner(new UnitManager({ now: Date.now }), {
  stateDir,
  // No line may be cut out while it is measured how fast they all come.
  retention: { bytesPerRun: 2 ** 40, totalBytes: 2 ** 40 },
  ...(reading === 'unread' ? {} : { sink }),
});
await runner.init([{ id: 'loud', displayName: 'loud', script, triggers: ['start'] }]);
const before = process.resourceUsage();
const begun = performance.now();
const [report] = await runner.execute('start');
if (report?.outcome !== 'succeeded') throw new Error(JSON.stringify(report));
await runner[Symbol.asyncDispose]();
const after = process.resourceUsage();
const scriptMs = report.endedAt - report.startedAt;
const readMs = readAt - begun;
const cpuMs = (after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime) / 1000;
console.log(
  JSON.stringify({ readMs, scriptMs, cpuMs, lines, characters, grownMb: (after.maxRSS - before.maxRSS) / 1000 }),
);
