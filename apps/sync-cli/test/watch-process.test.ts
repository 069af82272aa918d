import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestAgent } from './support/agent.ts';
import { ended, spawnMuster, spawnShell } from './support/process.ts';

let agent: TestAgent;
let env: Record<string, string>;
beforeEach(async () => {
  agent = await TestAgent.listen();
  env = { MUSTER_SOCKET: agent.socket };
});
afterEach(() => agent[Symbol.asyncDispose]());

test('a reader that has seen enough ends it with 0', async () => {
  const child = spawnShell('{ muster watch --json; echo "status $?" >&2; } | head -1', env);
  const end = ended(child);
  await once(child.stdout, 'data');
  // Nobody can know that the reader has gone before there is something to write.
  const nudge = setInterval(() => agent.units.register(`unit-${agent.units.seq}`), 20);
  const { stdout, stderr } = await end;
  clearInterval(nudge);
  expect(JSON.parse(stdout)).toMatchObject({ type: 'snapshot', boot: 'boot-1' });
  expect(stderr).toBe('status 0\n');
});

test('a signal ends lines as it ends every command', async () => {
  const child = spawnMuster(['watch'], env);
  const end = ended(child);
  await once(child.stderr, 'data');
  child.kill('SIGTERM');
  expect(await end).toMatchObject({ code: null, signal: 'SIGTERM' });
});

/** Gives a program a terminal of its own, of 70 columns, with the Python of the machine. */
const PTY = `
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 70, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
print(pid, file=sys.stderr, flush=True)
while True:
    try:
        data = os.read(fd, 4096)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
_, status = os.waitpid(pid, 0)
print(os.waitstatus_to_exitcode(status), file=sys.stderr, flush=True)
`;

const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;

describe.skipIf(!hasPython)('on a real terminal', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0, and the cursor is back', async (signal) => {
    agent.units.register('api');
    agent.units.start('api');
    const muster = [
      process.execPath,
      '--conditions=@muster/source',
      new URL('../src/muster.ts', import.meta.url).pathname,
    ];
    const child = spawn('python3', ['-c', PTY, ...muster, 'watch'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, TERM: 'xterm-256color', ...env },
    });
    const closed = once(child, 'close');
    const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]();
    const pid = Number((await lines.next()).value);
    let shown = '';
    const drawn = Promise.withResolvers<void>();
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (shown.includes('▸ started')) drawn.resolve();
    });
    await drawn.promise;
    process.kill(pid, signal);
    const status = (await lines.next()).value;
    await closed;
    expect(status).toBe('0');
    expect(shown.startsWith('\x1b[?1049h\x1b[?25l')).toBe(true);
    const [, after = ''] = shown.split('\x1b[?25h\x1b[?1049l');
    expect(after).toMatch(/^1 unit: 1 started\r\nUNIT {2}STATE/);
  });
});
