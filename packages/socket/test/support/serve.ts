// A server in a process of its own: serves the path of its first argument and says on stdout how that went. Ends when
// its stdin does, or by any signal.
import { UnitManager } from '@muster/unit';
import { SocketError, SyncServer } from '../../src/server/index.ts';

const [path = ''] = process.argv.slice(2);
try {
  const server = await SyncServer.listen(new UnitManager({ now: Date.now }), {
    path,
    identity: { version: '0', boot: String(process.pid), startedAt: Date.now() },
    state: () => 'ready',
  });
  process.stdout.write(`${JSON.stringify({ listening: process.pid })}\n`);
  process.stdin.resume();
  process.stdin.once('end', () => void server.close());
} catch (error) {
  if (!(error instanceof SocketError)) throw error;
  process.stdout.write(
    `${JSON.stringify({ code: error.code, ownerPid: error.facts.ownerPid ?? null, message: error.message })}\n`,
  );
}
