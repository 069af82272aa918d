// `pnpm start`: runs examples/dev-workspace with the built agent. On a terminal until Ctrl+C. Elsewhere nobody can press it, so
// the run is stopped in the same way once everything was seen: the start scripts at their end, and the cron script three times.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveSocketPath, SyncClient } from '@muster/socket/client';

const MANIFEST = path.join(import.meta.dirname, '../examples/dev-workspace/workspace.yaml');
const CRON_UNIT = 'heartbeat';
const CRON_RUNS = 3;

/**
 * Package managers pass on a signal that their whole process group has got already, so it arrives more than once. What comes
 * within this many milliseconds of the first is the same one; the agent takes a second one as a wish to hurry.
 */
const SAME_SIGNAL_MS = 1000;

/** What a terminal in raw mode sends for Ctrl+C. */
const CTRL_C = 0x03;

/** How long the agent may take until it answers on its socket, in milliseconds. */
const CONNECT_TIMEOUT_MS = 30_000;

function agentBinary(): string {
  const file = fileURLToPath(import.meta.resolve('@muster/agent/package.json'));
  return path.join(path.dirname(file), JSON.parse(readFileSync(file, 'utf8')).bin['muster-agent']);
}

/** In a session of its own, so that signals reach the agent only through {@link passOnSignals}. */
function startAgent(): ChildProcess {
  const argv = [agentBinary(), 'run', MANIFEST, '--log-format', 'pretty'];
  return spawn(process.execPath, argv, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
}

function passOnSignals(agent: ChildProcess): void {
  let latest = Number.NEGATIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (performance.now() - latest < SAME_SIGNAL_MS) return;
      latest = performance.now();
      agent.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  }
}

/**
 * Reads Ctrl+C as a key. As a signal it would reach every process above as well, and npx would end by it, with an exit code of
 * its own and before the agent has stopped.
 */
function passOnKeys(agent: ChildProcess): void {
  if (!process.stdin.isTTY || !isInForeground()) return;
  process.stdin.setRawMode(true);
  process.stdin.on('data', (keys: Buffer) => {
    if (keys.includes(CTRL_C)) agent.kill('SIGINT');
  });
  agent.once('exit', () => {
    process.stdin.setRawMode(false);
    process.stdin.destroy();
  });
}

/** Whether this is a foreground job; a background job that changes the terminal is stopped by the system. */
function isInForeground(): boolean {
  try {
    const fields = readFileSync('/proc/self/stat', 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
    return fields[2] === fields[5]; // The process group, and the one that the terminal listens to: see proc_pid_stat(5).
  } catch {
    // No /proc here (macOS): take it as it is nearly always.
    return true;
  }
}

/** Resolves when the start scripts have ended and the cron script has run often enough. */
async function everythingSeen(signal: AbortSignal): Promise<void> {
  const { path: socket } = resolveSocketPath({ env: process.env });
  await using client = await SyncClient.connect({ path: socket, timeoutMs: CONNECT_TIMEOUT_MS, signal });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = async () => {
    const [{ state }, { units }] = await Promise.all([client.call('ping', {}), client.call('sync.list', {})]);
    const cron = units.find(({ unit }) => unit === CRON_UNIT);
    const ranOften = cron?.status === 'completed' && cron.run >= CRON_RUNS;
    if (ranOften && !['created', 'starting'].includes(state)) resolve();
  };
  using _events = client.onNotification('sync.event', () => void look().catch(reject));
  await client.call('sync.watch', {});
  await promise;
}

const agent = startAgent();
passOnSignals(agent);
const ended = new AbortController();
agent.once('error', (error) => {
  throw error;
});
agent.once('exit', (code) => {
  process.exitCode = code ?? 1;
  ended.abort();
});

if (process.stdout.isTTY) {
  passOnKeys(agent);
} else {
  await everythingSeen(ended.signal).catch((error: unknown) => {
    if (!ended.signal.aborted) throw error;
  });
  agent.kill('SIGINT');
}
