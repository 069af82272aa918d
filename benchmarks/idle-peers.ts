// What do other supervisors cost that have nothing to supervise? Those of Debian are compared where the system has them: the benchmark
// installs no daemons. The floor is Node's own server, idle too. Call: node idle-peers.ts [seconds]
import { supervisors } from './peers/supervisors.ts';
import { idleCells, watchIdle } from './support/idleness.ts';
import { NpmPeers } from './support/npm-peers.ts';
import { Place } from './support/place.ts';
import { ServerProcess } from './support/server-process.ts';
import { printTable, type Row } from './support/table.ts';

const WATCH_MS = Number(process.argv[2] ?? 20) * 1000;

using place = new Place();
await using bare = await ServerProcess.bare(place);
await using agent = await ServerProcess.agent(place);
using stack = new DisposableStack();
const peers = supervisors(NpmPeers.install());
const running = peers.flatMap(({ name, start }) =>
  start === null ? [] : [{ name, pid: stack.use(start(place)).pid }],
);

const watched = [
  { name: 'bare server', pid: bare.pid },
  { name: 'agent without start scripts', pid: agent.pid },
  ...running,
];
const idle = await watchIdle(
  watched.map(({ pid }) => pid),
  WATCH_MS,
);
const rows = watched.flatMap(({ name }, index): Row[] => {
  const [floor] = idle;
  const own = idle[index];
  return floor === undefined || own === undefined ? [] : [{ who: name, ...idleCells(own, floor) }];
});
const missing = peers.flatMap(({ name, install, start }): Row[] =>
  start === null ? [{ who: name, 'resident MB': `missing: ${install}` }] : [],
);
printTable(`Idle for ${WATCH_MS / 1000} s, with nothing to supervise`, [...rows, ...missing]);
