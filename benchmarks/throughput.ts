// How many calls a second does the socket take? Each caller has a connection and sends its next request when the last one is
// answered. The floor is Node's own server with JSON.parse and JSON.stringify. The same bare client calls both.
import { BareConnection } from './support/bare-connection.ts';
import { compare } from './support/compare.ts';
import { Place } from './support/place.ts';
import { ServerProcess } from './support/server-process.ts';

const ROUNDS = 5;
const ROUND_MS = 700;
const GOAL = { atLeast: 0.5 };

using place = new Place();
await using agent = await ServerProcess.agent(place);
await using bare = await ServerProcess.bare(place);

async function callsPerSecond(path: string, request: { readonly callers: number; readonly line: string }) {
  const connections = await Promise.all(Array.from({ length: request.callers }, () => BareConnection.open(path)));
  const begun = performance.now();
  let calls = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() - begun < ROUND_MS) {
        await connection.call(request.line);
        calls += 1;
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  for (const connection of connections) connection.close();
  return calls / seconds;
}

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping","params":{}}\n';
const READY = '{"jsonrpc":"2.0","id":1,"method":"sync.ready","params":{"unit":"on-stop"}}\n';

for (const callers of [1, 64]) {
  await compare({
    title: `Calls a second, ${callers} ${callers === 1 ? 'caller' : 'callers'}`,
    unit: '1/s',
    rounds: ROUNDS,
    contenders: [
      { name: 'bare echo', measure: () => callsPerSecond(bare.path, { callers, line: PING }) },
      { name: 'agent, ping', measure: () => callsPerSecond(agent.path, { callers, line: PING }), goal: GOAL },
      { name: 'agent, sync.ready', measure: () => callsPerSecond(agent.path, { callers, line: READY }), goal: GOAL },
    ],
  });
}
