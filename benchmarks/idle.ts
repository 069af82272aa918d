// What does an agent cost that has nothing to do? 100 scripts have run; then memory and wake-ups are looked at. The floor is Node's
// own server, idle too.
import { AgentStates } from './support/agent-states.ts';
import { verdict } from './support/compare.ts';
import { Place } from './support/place.ts';
import { memoryOf, switchesOf } from './support/process-facts.ts';
import { ServerProcess } from './support/server-process.ts';
import { short } from './support/statistics.ts';
import { printTable } from './support/table.ts';

const SCRIPTS = 100;
// In the first minute, V8 looks twice for garbage that the start may have left, and the agent gives memory back: not idle yet.
const SETTLE_MS = 45_000;
const WATCH_MS = Number(process.argv[2] ?? 30) * 1000;

const scripts = Array.from({ length: SCRIPTS }, (_, index) => `  script-${index}: { run: ":" }`);
// Once a year: a schedule that is armed must not tick.
const manifest = ['version: 1', 'scripts:', ...scripts, '  yearly: { cron: "0 0 1 1 *", run: ":" }', ''].join('\n');

interface Idle {
  readonly resident: number;
  readonly private: number;
  readonly wakeUps: number;
}

async function watch(servers: readonly ServerProcess[]): Promise<readonly Idle[]> {
  await sleep(SETTLE_MS);
  const before = servers.map(({ pid }) => switchesOf(pid));
  await sleep(WATCH_MS);
  return servers.map(({ pid }, index) => ({
    ...memoryOf(pid),
    wakeUps: (switchesOf(pid) - (before[index] ?? 0)) / (WATCH_MS / 1000),
  }));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

using place = new Place();
await using bare = await ServerProcess.bare(place);
await using fresh = await ServerProcess.agent(place);
using otherPlace = new Place();
await using agent = await ServerProcess.agent(otherPlace, manifest);
{
  await using client = await agent.client();
  await new AgentStates(client).reached('ready');
}
const [floor, empty, used] = await watch([bare, fresh, agent]);
if (floor === undefined || empty === undefined || used === undefined) throw new Error('a server is missing');

const ratio = used.resident / floor.resident;
const row = (who: string, idle: Idle, goal: string) => ({
  who,
  'resident MB': short(idle.resident),
  '× floor': short(idle.resident / floor.resident),
  'private MB': short(idle.private),
  'private × floor': short(idle.private / floor.private),
  'wake-ups/s': short(idle.wakeUps),
  goal,
});
printTable(`Idle for ${WATCH_MS / 1000} s`, [
  row('bare server', floor, ''),
  row('agent without start scripts', empty, ''),
  row(
    `agent with ${SCRIPTS} completed units`,
    used,
    `≤ 1.25 resident: ${verdict(ratio <= 1.25)}; 0 wake-ups: ${verdict(used.wakeUps < 0.05)}`,
  ),
]);
