import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TestAgent } from './support/agent.ts';
import { BuiltMuster } from './support/built.ts';
import { ended, spawnShell } from './support/process.ts';

let muster: BuiltMuster;
let agent: TestAgent;
let env: Record<string, string>;
beforeAll(async () => {
  muster = await BuiltMuster.build();
});
afterAll(() => muster[Symbol.asyncDispose]());
beforeEach(async () => {
  agent = await TestAgent.listen();
  env = { MUSTER_SOCKET: agent.socket };
});
afterEach(() => agent[Symbol.asyncDispose]());

const run = (...argv: string[]) => ended(muster.spawn(['run', ...argv], env));
const completion = (unit: string) => agent.units.find(unit)?.completion;

/** Resolves when the unit is completed. */
function whenCompleted(unit: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const subscription = agent.units.subscribe((event) => {
    if (event.unit === unit && event.type === 'completed') resolve();
  });
  return promise.finally(() => subscription[Symbol.dispose]());
}

describe('muster run', () => {
  test('completes the unit with the exit code of the command, and exits with it', async () => {
    expect(await run('ok', '--', 'sh', '-c', 'echo out; echo err >&2')).toEqual({
      code: 0,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(completion('ok')).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
    expect((await run('bad', '--', 'sh', '-c', 'exit 7')).code).toBe(7);
    expect(completion('bad')).toMatchObject({ outcome: 'failed', exitCode: 7 });
  });

  test('declares, waits and says for what', async () => {
    agent.units.register('a');
    const child = muster.spawn(['run', 'b', '--needs', 'a', '--after', 'c', '--', 'echo', 'done'], env);
    const end = ended(child);
    await once(child.stderr, 'data');
    agent.units.complete('a');
    agent.units.register('c');
    agent.units.complete('c', { outcome: 'failed' });
    const { code, stdout, stderr } = await end;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'done\n' });
    expect(stderr.replace(/waiting \S+/, 'waiting TIME').replace(/Unit "b" still.*\n/g, '')).toMatchInlineSnapshot(`
      "Unit "b" waits for "a" (pending, needs succeeded) and "c" (not registered, needs completed).
      Unit "b" started (run 1) after waiting TIME for "a" and "c".
      "
    `);
    expect(agent.units.dependencies('b')).toMatchObject([{ requires: 'succeeded' }, { requires: 'completed' }]);
  });

  test('reports a command that a signal ended, and exits as a shell would', async () => {
    expect((await run('a', '--', 'sh', '-c', 'kill -9 $$')).code).toBe(137);
    expect(completion('a')).toMatchObject({ outcome: 'failed', signal: 'SIGKILL' });
    expect((await run('b', '--', 'sh', '-c', 'kill -INT $$')).code).toBe(130);
  });

  test.each([
    ['a command that is not there', ['no-such-command-of-anyone'], 127],
    ['a line instead of words', ['npm ci'], 127],
    ['an empty word', [''], 127],
    ['a directory', ['/tmp'], 126],
  ])('%s fails the unit, and says why', async (_what, words, exitCode) => {
    const { code, stderr } = await run('a', '--', ...words);
    expect(code).toBe(exitCode);
    expect(stderr).toMatchSnapshot();
    expect(completion('a')).toMatchObject({ outcome: 'failed', exitCode });
    expect(completion('a')?.reason).toMatchSnapshot();
  });

  test('does not run the command of a unit that somebody else has started', async () => {
    agent.units.register('a');
    agent.units.start('a', { owner: 'process 12' });
    const { code, stdout, stderr } = await run('a', '--', 'echo', 'ran');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatchInlineSnapshot(`
      "error: unit "a" was started already, by somebody else: run 1 (reported by process 12) is under way.
      hint: Wait for its end with "muster wait UNIT".
      "
    `);
    expect(agent.units.find('a')?.status).toBe('started');
  });

  test('does not run it when a dependency failed, or the time is over', async () => {
    agent.units.register('dep');
    agent.units.complete('dep', { outcome: 'failed', exitCode: 2 });
    const impossible = await run('a', '--needs', 'dep', '--', 'echo', 'ran');
    expect(impossible).toMatchObject({ code: 5, stdout: '' });
    const late = await run('b', '--after', 'never', '--timeout', '20ms', '--', 'echo', 'ran');
    expect(late).toMatchObject({ code: 124, stdout: '' });
    expect(agent.units.find('b')?.status).toBe('pending');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const)(
    'passes %s on, and lives until the command has ended',
    async (signal) => {
      const name = signal.slice(3);
      const child = muster.spawn(
        ['run', 'a', '--', 'sh', '-c', `trap 'echo got; exit 9' ${name}; echo up; while :; do sleep 0.01; done`],
        env,
      );
      const end = ended(child);
      await once(child.stdout, 'data');
      child.kill(signal);
      expect(await end).toMatchObject({ code: 9, stdout: 'up\ngot\n' });
      expect(completion('a')).toMatchObject({ outcome: 'failed', exitCode: 9 });
    },
  );

  test('ends by SIGINT itself where that ended the command, so that a script stops', async () => {
    const child = muster.spawn(['run', 'a', '--', 'sh', '-c', 'echo up; exec sleep 60'], env);
    const end = ended(child);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: null, signal: 'SIGINT' });
    expect(completion('a')).toMatchObject({ outcome: 'failed', signal: 'SIGINT' });
  });

  test('fails the unit at once when it is killed', async () => {
    const child = muster.spawn(['run', 'a', '--', 'sh', '-c', 'echo $$; exec sleep 60'], env);
    const [pid] = await once(child.stdout, 'data');
    const completed = whenCompleted('a');
    child.kill('SIGKILL');
    await completed;
    expect(completion('a')).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('owner gone') });
    process.kill(Number(pid));
  });

  test('lets the command go on when the agent goes away, and exits with its code', async () => {
    const child = muster.spawn(
      ['run', 'a', '--', 'sh', '-c', 'echo up; trap "exit 6" TERM; while :; do sleep 0.01; done'],
      env,
    );
    let stderr = '';
    const warned = new Promise<void>((resolve) => {
      child.stderr.on('data', (text) => {
        stderr += text;
        if (stderr.includes('gone away')) resolve();
      });
    });
    const end = once(child, 'close');
    await once(child.stdout, 'data');
    await agent.close();
    await warned;
    child.kill('SIGTERM');
    expect((await end)[0]).toBe(6);
    expect(stderr).toMatchInlineSnapshot(`
      "warning: the agent has gone away. The command goes on, but its end can not be reported for unit "a".
      "
    `);
  });

  test('says so when somebody else has completed the unit meanwhile', async () => {
    const child = muster.spawn(['run', 'a', '--', 'sh', '-c', 'echo up; exec sleep 60'], env);
    const end = ended(child);
    await once(child.stdout, 'data');
    agent.units.complete('a');
    child.kill('SIGTERM');
    const { code, stderr } = await end;
    expect(code).toBe(143);
    expect(agent.units.find('a')?.note).toBe('the work failed by SIGTERM after its unit had been completed');
    expect(stderr).toMatchInlineSnapshot(`
      "warning: unit "a" was completed before its command ended, as succeeded; that it failed is noted there.
      "
    `);
  });

  test('names the unit to the command, and keeps the token of another one from it', async () => {
    const show = ['sh', '-c', 'echo "$MUSTER_UNIT $MUSTER_RUN [$MUSTER_TOKEN] $MUSTER_RUN_ID $MUSTER_SOCKET"'];
    env = { MUSTER_UNIT: 'me', MUSTER_RUN: '7', MUSTER_TOKEN: 'secret', MUSTER_RUN_ID: 'id' };
    const { stdout } = await run('a', '--socket', agent.socket, '--', ...show);
    expect(stdout).toBe(`a 1 [] id ${agent.socket}\n`);
    const own = await run('me', '--socket', agent.socket, '--', ...show);
    expect(own.stdout).toBe(`me 1 [secret] id ${agent.socket}\n`);
  });

  test('a command inside can complete the unit without naming it', async () => {
    const { code, stderr } = await run('a', '--', ...muster.words, 'complete', '--quiet');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(completion('a')).toMatchObject({ outcome: 'succeeded' });
  });

  test('hands over a pipe that a big output does not break', async () => {
    const [node, file] = muster.words;
    // The reader comes late, so the pipe is full for a while.
    const script = `"${node}" "${file}" run a -- head -c 3000000 /dev/zero | (sleep 0.2; wc -c)`;
    const { stdout } = await ended(spawnShell(script, env));
    expect(stdout.trim()).toBe('3000000');
    expect(completion('a')).toMatchObject({ outcome: 'succeeded' });
  });

  test('gives errors as JSON, and no answer of its own', async () => {
    const ok = await run('a', '--json', '--', 'echo', 'out');
    expect(ok).toMatchObject({ stdout: 'out\n', stderr: '' });
    const { stderr } = await run('b', '--json', '--', 'no-such-command-of-anyone');
    expect(JSON.parse(stderr).error.code).toBe('command_not_found');
  });
});

describe('muster lock', () => {
  const lock = (...argv: string[]) => muster.spawn(['lock', ...argv], env);

  test('holds the lock while the command runs, and exits with its code', async () => {
    const child = lock('apt', '--', 'sh', '-c', 'echo up; exec sleep 60', 'secret-argument');
    const end = ended(child);
    await once(child.stdout, 'data');
    const { stdout } = await agent.run(['why']);
    expect(stdout.replace(String(child.pid), 'N')).toMatchInlineSnapshot(`
      "Nothing is blocked: no unit waits for another.
      Locks:
        "apt" is held by sh (pid N).
      "
    `);
    const refused = await ended(lock('apt', '--timeout', '30ms', '--', 'echo', 'ran'));
    expect(refused).toMatchObject({ code: 124, stdout: '' });
    expect(refused.stderr.split('\n')[0]).toBe(`Waits for the lock "apt", held by sh (pid ${child.pid}).`);
    child.kill('SIGTERM');
    expect((await end).code).toBe(143);
    expect((await ended(lock('apt', '--', 'sh', '-c', 'exit 4'))).code).toBe(4);
  });

  test('a holder that is killed lets the next one in', async () => {
    const first = lock('apt', '--', 'sh', '-c', 'echo $$; exec sleep 60');
    const [pid] = await once(first.stdout, 'data');
    const second = lock('apt', '--', 'echo', 'in');
    const end = ended(second);
    await once(second.stderr, 'data');
    first.kill('SIGKILL');
    const { code, stdout, stderr } = await end;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'in\n' });
    expect(stderr.replace(String(first.pid), 'N').replace(/waiting \S+/, 'waiting TIME')).toMatchInlineSnapshot(`
      "Waits for the lock "apt", held by sh (pid N).
      Took the lock "apt" after waiting TIME
      "
    `);
    process.kill(Number(pid));
  });

  test('--limit lets several in', async () => {
    const children = [
      lock('cpu', '--limit', '2', '--', 'sh', '-c', 'echo up; exec sleep 60'),
      lock('cpu', '--limit', '2', '--', 'sh', '-c', 'echo up; exec sleep 60'),
    ];
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => once(child, 'close')));
  });
});

describe('muster start with a lease', () => {
  test('--hold stays until the unit is completed', async () => {
    const child = muster.spawn(['start', 'a', '--hold'], env);
    const end = ended(child);
    await once(child.stderr, 'data');
    agent.units.complete('a', { outcome: 'failed', exitCode: 3 });
    const { code, stdout, stderr } = await end;
    expect({ code, stdout, stderr }).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Unit "a" is held: it fails if this command ends before the unit is completed.
      Unit "a" completed (run 1): it failed with exit code 3.
      ",
        "stdout": "Unit "a" started (run 1): it has no dependencies.
      ",
      }
    `);
  });

  test('--hold fails the unit when it is killed, and exits with 0 when the unit succeeded', async () => {
    const killed = muster.spawn(['start', 'a', '--hold'], env);
    await once(killed.stderr, 'data');
    const completed = whenCompleted('a');
    killed.kill('SIGKILL');
    await completed;
    expect(completion('a')).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('owner gone') });
    const again = muster.spawn(['start', 'a', '--hold'], env);
    await once(again.stderr, 'data');
    agent.units.complete('a');
    expect((await once(again, 'close'))[0]).toBe(0);
  });

  test('--pid fails the unit when that process ends', async () => {
    const child = spawnShell(`"$NODE" "$FILE" start a --pid $$ || exit; read never < /dev/zero`, {
      ...env,
      NODE: muster.words[0],
      FILE: muster.words[1],
    });
    await once(child.stdout, 'data');
    expect(agent.units.find('a')).toMatchObject({ status: 'started', owner: `process ${child.pid}` });
    const completed = whenCompleted('a');
    child.kill('SIGKILL');
    await completed;
    expect(completion('a')).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining(`process ${child.pid}`),
    });
  });

  test.each([['--hold'], ['--pid', '2']])('%s is refused for a unit that is started', async (...lease) => {
    agent.units.register('a');
    agent.units.start('a');
    expect((await agent.run(['start', 'a', ...lease])).exitCode).toBe(3);
  });
});
