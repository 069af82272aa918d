// What does an agent cost that has nothing to do? 100 scripts have run; then memory and wake-ups are looked at. The floor is Node's
// own server, idle too.
import { AgentStates } from './support/agent-states.ts';
import { verdict } from './support/compare.ts';
import { idleCells, watchIdle } from './support/idleness.ts';
import { Place } from './support/place.ts';
import { ServerProcess } from './support/server-process.ts';
import { short } from './support/statistics.ts';
import { printTable } from './support/table.ts';

const SCRIPTS = 100;
const WATCH_MS = Number(process.argv[2] ?? 30) * 1000;

const scripts = Array.from({ length: SCRIPTS }, (_, index) => `  script-${index}: { run: ":" }`);
// Once a year: a schedule that is armed must not tick.
const manifest = ['version: 1', 'scripts:', ...scripts, '  yearly: { cron: "0 0 1 1 *", run: ":" }', ''].join('\n');

using place = new Place();
await using bare = await ServerProcess.bare(place);
await using fresh = await ServerProcess.agent(place);
using otherPlace = new Place();
await using agent = await ServerProcess.agent(otherPlace, manifest);
{
  await using client = await agent.client();
  await new AgentStates(client).reached('ready');
}
const [floor, empty, used] = await watchIdle([bare.pid, fresh.pid, agent.pid], WATCH_MS);
if (floor === undefined || empty === undefined || used === undefined) throw new Error('a server is missing');

const ratio = used.resident / floor.resident;
printTable(`Idle for ${WATCH_MS / 1000} s`, [
  { who: 'bare server', ...idleCells(floor, floor), goal: '' },
  { who: 'agent without start scripts', ...idleCells(empty, floor), goal: '' },
  {
    who: `agent with ${SCRIPTS} completed units`,
    ...idleCells(used, floor),
    goal: `≤ 1.25 resident: ${verdict(ratio <= 1.25, short(ratio))}; 0 wake-ups: ${verdict(used.wakeUps < 0.05, short(used.wakeUps))}`,
  },
]);
