import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestAgent } from './support/agent.ts';
import { ended, spawnMuster, spawnShell } from './support/process.ts';

// Processes start slowly on a machine that does much else.
vi.setConfig({ testTimeout: 30_000 });

let agent: TestAgent;
let env: Record<string, string>;
beforeEach(async () => {
  agent = await TestAgent.listen();
  env = { MUSTER_SOCKET: agent.socket };
});
afterEach(() => agent[Symbol.asyncDispose]());

test('a script declares, waits, starts and completes, and the next one goes on', async () => {
  agent.units.register('net');
  const script = `
    set -eu
    muster want db net
    trap 'muster complete db --exit-code $?' EXIT
    muster start db --quiet
    test "$(muster status db --quiet)" = started
  `;
  const running = spawnShell(script, env);
  running.stdout.once('data', () => agent.units.complete('net'));
  const { code, stdout, stderr } = await ended(running);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "Unit "db" depends on "net" (needs completed). It waits for "net" (pending, needs completed).
    Unit "db" completed (run 1): it succeeded.
    "
  `);
  expect(agent.units.find('db')).toMatchObject({ status: 'completed', outcome: 'succeeded' });
});

test('the trap of a script that fails reports its exit code', async () => {
  const { code } = await ended(
    spawnShell("trap 'muster complete db --exit-code $?' EXIT; muster start db; exit 7", env),
  );
  expect(code).toBe(7);
  expect(agent.units.find('db')?.completion).toMatchObject({ outcome: 'failed', exitCode: 7 });
});

test('exit codes and streams are those of a real process', async () => {
  const { code, stdout, stderr } = await ended(spawnMuster(['status', 'nobody', '--json'], env));
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(JSON.parse(stderr).error.code).toBe('unknown_unit');
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a wait at once, and a shell sees %i', async (signal, status) => {
  agent.units.register('a');
  agent.units.addDependencies('a', [{ dependsOn: 'b', requires: 'completed' }]);
  const child = spawnShell(`sh -c 'echo "$$"; exec "$@"' sh $MUSTER start a; echo "status $?"`, env);
  const end = ended(child);
  const [[pid]] = await Promise.all([once(child.stdout, 'data'), once(child.stderr, 'data')]);
  process.kill(Number(pid), signal);
  expect((await end).stdout).toBe(`${pid}status ${status}\n`);
});

test('a reader that has seen enough is no trouble', async () => {
  for (let index = 0; index < 5_000; index += 1) agent.units.register(`unit-${index}`);
  const { code, stdout, stderr } = await ended(spawnShell('muster list --json | head -1', env));
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '[\n', stderr: '' });
});

test('a slow reader gets all of a long answer', async () => {
  for (let index = 0; index < 5_000; index += 1) agent.units.register(`unit-${index}`);
  const { stdout } = await ended(spawnShell('muster list --json | (read first; echo "$first"; cat)', env));
  expect(JSON.parse(stdout)).toHaveLength(5_000);
});

test('a slow reader gets all of it also from a pipe that another process has set not to block', async () => {
  for (let index = 0; index < 5_000; index += 1) agent.units.register(`unit-${index}`);
  const opensStdout = `process.stdout; require('node:fs').writeFileSync(process.argv[1], '\\n'); setInterval(() => {}, 1000)`;
  const script = `
    ready=$(mktemp -u)
    mkfifo "$ready"
    {
      "$NODE" -e "$OPENS_STDOUT" "$ready" &
      read line < "$ready"
      muster list --json
      echo "status $?" >&2
      kill $!
    } | (read first; echo "$first"; cat)
    rm "$ready"
  `;
  const running = spawnShell(script, { ...env, NODE: process.execPath, OPENS_STDOUT: opensStdout });
  const { stdout, stderr } = await ended(running);
  expect(stderr).toBe('status 0\n');
  expect(JSON.parse(stdout)).toHaveLength(5_000);
});

test.skipIf(!existsSync('/dev/full'))('a full disk is an error of its own', async () => {
  const { code, stderr } = await ended(spawnShell('muster list > /dev/full', env));
  expect(code).toBe(74);
  expect(stderr).toMatch(/^error: the output could not be written: ENOSPC.*\nhint: /);
});

test('output that nobody can read is no trouble either', async () => {
  expect((await ended(spawnShell('muster list >&- 2>&-', env))).code).toBe(0);
});

test('a wait that is over because its client was killed changes nothing', async () => {
  agent.units.register('a');
  agent.units.addDependencies('a', [{ dependsOn: 'b', requires: 'completed' }]);
  const child = spawnMuster(['start', 'a'], env);
  const end = ended(child);
  await once(child.stderr, 'data');
  child.kill('SIGKILL');
  await end;
  // Answered on a later connection, so the agent has seen the end of the first one.
  await agent.run(['ping']);
  agent.units.register('b');
  agent.units.complete('b');
  expect(agent.units.find('a')?.status).toBe('pending');
});

test('on Windows it says that it does not run there yet', async () => {
  const pretend = `data:text/javascript,Object.defineProperty(process, 'platform', { value: 'win32' })`;
  const { code, stdout, stderr } = await ended(
    spawnMuster(['list'], { ...env, NODE_OPTIONS: `--import="${pretend}"` }),
  );
  expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
  expect(stderr).toMatchInlineSnapshot(`
    "error: muster does not run on Windows yet.
    hint: Use Linux or macOS, or the Windows Subsystem for Linux.
    "
  `);
});
