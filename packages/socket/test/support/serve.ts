// A server in a process of its own: says `loaded`, serves the path of its first argument when a line comes, and says on
// stdout how that went. Ends when its stdin does, or by any signal.
import { UnitManager } from '@muster/unit';
import { SocketError, SyncServer } from '../../src/server/index.ts';

async function serve(path: string): Promise<void> {
  try {
    const server = await SyncServer.listen(new UnitManager({ now: Date.now }), {
      path,
      identity: { version: '0', boot: String(process.pid), startedAt: Date.now() },
      state: () => 'ready',
    });
    say({ listening: process.pid });
    process.stdin.once('end', () => void server.close());
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    say({ code: error.code, ownerPid: error.facts.ownerPid ?? null, message: error.message });
  }
}

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

const [path = ''] = process.argv.slice(2);
process.stdin.once('data', () => void serve(path));
process.stdout.write('loaded\n');
