// Runs one script with the runner, its output read by a sink or not, and prints what came of it as JSON.
// Call: node run-loud-script.ts STATE_DIR SCRIPT_TEXT read|unread
import { ScriptRunner } from '@muster/scripts';
import { UnitManager } from '@muster/unit';

const [, , stateDir = '', script = '', reading] = process.argv;
let lines = 0;
const sink = {
  send: (batch: readonly unknown[]) => {
    lines += batch.length;
  },
  flush: () => undefined,
};
const runner = new ScriptRunner(new UnitManager({ now: Date.now }), {
  stateDir,
  // No line may be cut out while it is measured how fast they all come.
  retention: { bytesPerRun: 2 ** 40, totalBytes: 2 ** 40 },
  ...(reading === 'read' ? { sink } : {}),
});
await runner.init([{ id: 'loud', displayName: 'loud', script, triggers: ['start'] }]);
const before = process.resourceUsage();
const begun = performance.now();
const [report] = await runner.execute('start');
const ms = performance.now() - begun;
const after = process.resourceUsage();
if (report?.outcome !== 'succeeded') throw new Error(JSON.stringify(report));
await runner[Symbol.asyncDispose]();
const scriptMs = report.endedAt - report.startedAt;
const cpuMs = (after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime) / 1000;
console.log(JSON.stringify({ ms, scriptMs, cpuMs, lines, grownMb: (after.maxRSS - before.maxRSS) / 1000 }));
