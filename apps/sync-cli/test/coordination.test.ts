import { setImmediate as turn } from 'node:timers/promises';
import { SyncClient } from '@muster/socket/client';
import type { UnitOwnership } from '@muster/socket/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { screen, TestAgent } from './support/agent.ts';

let agent: TestAgent;
beforeEach(async () => {
  agent = await TestAgent.listen();
});
afterEach(() => agent[Symbol.asyncDispose]());

const shown = async (...argv: string[]): Promise<string> =>
  screen(await agent.run(argv)).replace(/after \d+ms/, 'after TIME');

/** web needs api, which needs db and a name with a slip in it; db runs; cache is ready and holds up nothing else. */
function declareWorkspace(): void {
  for (const unit of ['db', 'network', 'api', 'web', 'worker', 'cache']) agent.units.register(unit);
  agent.units.addDependencies('api', [
    { dependsOn: 'db', requires: 'succeeded' },
    { dependsOn: 'netwrok', requires: 'completed' },
  ]);
  agent.units.addDependencies('web', [{ dependsOn: 'api', requires: 'succeeded' }]);
  agent.units.addDependencies('worker', [
    { dependsOn: 'db', requires: 'succeeded' },
    { dependsOn: 'cache', requires: 'completed' },
  ]);
  agent.units.start('db', { owner: 'process 4711' });
}

describe('want and start', () => {
  test('want takes --needs and --after besides others, in one request', async () => {
    expect(
      await shown('want', 'a', 'b', '--requires', 'started', '--needs', 'c', '--needs', 'd', '--after', 'e'),
    ).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "a" depends on "b" (needs started), on "c" and "d" (needs succeeded), on "e" (needs completed). It waits for "b" (not registered, needs started), "c" (not registered, needs succeeded), "d" (not registered, needs succeeded) and "e" (not registered, needs completed).
      "
    `);
    expect(agent.units.dependencies('a').map(({ dependsOn, requires }) => `${dependsOn} ${requires}`)).toEqual([
      'b started',
      'c succeeded',
      'd succeeded',
      'e completed',
    ]);
    expect(await shown('want', 'x', 'y', '--needs', 'x')).toMatchInlineSnapshot(`
      "exit 5
      -- stderr
      error: unit "x" would wait for itself: "x" → "x". Leave out one of these dependencies.
      hint: None of the dependencies of this request was added.
      "
    `);
    expect(agent.units.find('y')).toBeNull();
  });

  test('start declares and waits in one call', async () => {
    expect(await shown('start', 'a', '--needs', 'b', '--no-wait')).toMatchInlineSnapshot(`
      "exit 3
      -- stderr
      error: unit "a" is not ready: it waits for "b" (not registered, needs succeeded).
      hint: Nobody has registered "b": is that the right name? See how far its dependencies are with "muster status UNIT". Or leave out --no-wait, to wait for it.
      "
    `);
    expect(agent.units.dependencies('a')).toMatchObject([{ dependsOn: 'b', requires: 'succeeded' }]);
  });
});

describe('complete and fail', () => {
  test('complete --skipped', async () => {
    agent.units.register('a');
    expect(await shown('complete', 'a', '--skipped', '--reason', 'nothing new')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "a" completed (run 1): it was skipped (nothing new).
      "
    `);
  });

  test('fail, twice', async () => {
    agent.units.register('a');
    agent.units.start('a');
    expect(await shown('fail', 'a', '--reason', 'no disk')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "a" completed (run 1): it failed (no disk).
      "
    `);
    expect(await shown('fail', 'a')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "a" was completed already, as failed (run 1); nothing changed.
      "
    `);
  });

  test('a trap never loses its report, and a slip in its name is seen', async () => {
    agent.units.register('database');
    expect(await shown('complete', 'databse', '--exit-code', '7')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "databse" completed (run 1): it failed with exit code 7.

      -- stderr
      Nobody had mentioned unit "databse"; it is registered by this report. Did you mean "database"?
      "
    `);
    expect(agent.units.find('databse')?.completion).toMatchObject({ outcome: 'failed', exitCode: 7 });
    expect((await agent.run(['complete', 'databsae'])).exitCode).toBe(4);
    expect((await agent.run(['fail', 'databsae'])).exitCode).toBe(4);
  });

  test('a trap before the start tells the truth', async () => {
    await agent.run(['want', 'a', 'b']);
    expect(await shown('complete', 'a', '--exit-code', '1')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "a" completed (run 1): it failed with exit code 1.
      "
    `);
  });
});

describe('a unit of a script', () => {
  const ownership: UnitOwnership = {
    isOwned: (unit) => unit === 'mine',
    accepts: (_unit, token) => token === 'right',
    endingOf: (_unit, token) => (token === 'stopped' ? 'timed_out' : null),
    willRun: () => false,
  };

  test('ends as its run does that is being stopped, whatever that still reports', async () => {
    await using owned = await TestAgent.listen({ ownership });
    owned.units.register('mine');
    owned.units.start('mine');
    const env = { MUSTER_UNIT: 'mine', MUSTER_TOKEN: 'stopped' };
    expect(screen(await owned.run(['complete', '--exit-code', '0'], { env }))).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      The run of unit "mine" is being stopped: the unit completes as timed_out (run 1) when it has ended. "succeeded" was not recorded.
      "
    `);
    expect((await owned.run(['complete', '--outcome', 'timed_out'], { env })).stdout).not.toContain('recorded');
    expect(owned.units.find('mine')?.status).toBe('started');
  });

  test('is reported with the token of its run, or by force', async () => {
    await using owned = await TestAgent.listen({ ownership });
    owned.units.register('mine');
    expect(screen(await owned.run(['fail', 'mine']))).toMatchInlineSnapshot(`
      "exit 3
      -- stderr
      error: unit "mine" belongs to a script, and only a run of that script may report it.
      hint: Report it from inside that script. Or insist with --force, which is recorded.
      "
    `);
    const wrong = await owned.run(['complete'], { env: { MUSTER_UNIT: 'mine', MUSTER_TOKEN: 'wrong' } });
    expect(wrong.exitCode).toBe(3);
    expect(wrong.stdout + wrong.stderr).not.toContain('wrong');
    expect((await owned.run(['complete'], { env: { MUSTER_UNIT: 'mine', MUSTER_TOKEN: 'right' } })).exitCode).toBe(0);
    expect((await owned.run(['start', 'mine'])).exitCode).toBe(3);
    expect((await owned.run(['start', 'mine', '--force'])).exitCode).toBe(0);
    expect((await owned.run(['fail', 'mine', '--force'])).exitCode).toBe(0);
    expect(owned.units.find('mine')?.completion).toMatchObject({ outcome: 'failed', forced: true });
    owned.units.note('mine', 'the script failed with exit code 5 after its unit had been completed');
    expect((await owned.run(['list'])).stdout).toMatchInlineSnapshot(`
      "UNIT  STATUS     OUTCOME  READY  RUN  DETAILS
      mine  completed  failed   yes    2    reported by force; the script failed with exit code 5 after its unit had been completed
      "
    `);
    expect((await owned.run(['status', 'mine'])).stdout).toMatchInlineSnapshot(`
      "Unit: "mine"
      Status: completed
      Outcome: failed: reported by force; the script failed with exit code 5 after its unit had been completed
      Ready: yes
      Run: 2
      Changed: 2026-01-02T03:04:05.006Z

      Dependencies: none
      "
    `);
  });

  test('tells who reports it while it runs', async () => {
    agent.units.register('db');
    agent.units.start('db', { owner: 'process 4711' });
    expect((await agent.run(['status', 'db'])).stdout).toContain('Run: 1 (reported by process 4711)\n');
  });

  test('is hopeless where its script runs no more', async () => {
    await using owned = await TestAgent.listen({ ownership });
    for (const unit of ['mine', 'other']) owned.units.register(unit);
    owned.units.addDependencies('other', [{ dependsOn: 'mine', requires: 'succeeded' }]);
    expect(screen(await owned.run(['why', 'other']))).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "other" is pending and waits for "mine".
      In the end it is held up by:
        "mine" is ready, for 1m30s, but nobody has started it.
          Nothing will release it while the agent runs: its script does not run again before it stops, and nobody else may report it.
          "other" → "mine"
      "
    `);
  });
});

describe('wait', () => {
  test('says what it waits for, and what came of it', async () => {
    agent.units.register('a');
    const running = agent.run(['wait', 'a', 'b', '--late'], {
      onStderr: async () => {
        agent.units.complete('a');
        agent.units.register('b');
        agent.units.complete('b');
      },
    });
    expect(screen(await running).replace(/(after \d+ms|at once)/, 'WHEN')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Met WHEN: "a" (succeeded) and "b" (succeeded).

      -- stderr
      Waits for "a" (pending) and "b" (not registered) to succeed.
      "
    `);
  });

  test('is over at once where there is nothing to wait for', async () => {
    for (const unit of ['a', 'b']) agent.units.register(unit);
    agent.units.complete('a', { outcome: 'failed' });
    expect(await shown('wait', 'a', '--for', 'completed')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Met at once: "a" (failed).
      "
    `);
    expect(await shown('wait', 'a', 'b', '--for', 'started', '--any')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Met at once: "a" (failed). Not so far: "b" (pending).
      "
    `);
    const { stdout } = await agent.run(['wait', 'a', '--for', 'completed', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      units: [{ unit: 'a', status: 'completed', outcome: 'failed', met: true }],
      state: 'ready',
      waitedMs: expect.any(Number),
    });
  });

  test('tells what can not be met, what nobody has mentioned, and what took too long', async () => {
    for (const unit of ['a', 'b']) agent.units.register(unit);
    agent.units.complete('a', { outcome: 'failed' });
    expect((await agent.run(['wait', 'a'])).exitCode).toBe(5);
    expect((await agent.run(['wait', 'nobody'])).exitCode).toBe(4);
    const late = await agent.run(['wait', 'b', '--timeout', '20ms']);
    expect(late.exitCode).toBe(124);
    expect(late.stderr).toContain('muster why');
  });

  test('--all waits for the start', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using starting = await TestAgent.listen({
      startup: { ended: promise, pending: () => [], failed: () => [] },
      state: () => 'starting',
    });
    const running = starting.run(['wait', '--all'], { onStderr: () => resolve() });
    expect(screen(await running)).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Everything that the start triggers has ended well.

      -- stderr
      Waits until everything that the start triggers has ended.
      "
    `);
  });

  test('--all names the scripts that failed', async () => {
    await using failed = await TestAgent.listen({ state: () => 'start_error' });
    expect(screen(await failed.run(['wait', '--all']))).toMatchInlineSnapshot(`
      "exit 1
      -- stdout
      Everything that the start triggers has ended, but not all of it well: a script without a unit failed, which the log of the agent names.
      "
    `);
  });

  test.each(['start_error', 'ready'])(
    '--all names the units that failed, also after the agent was %s',
    async (state) => {
      await using failed = await TestAgent.listen({
        state: () => state,
        startup: {
          ended: Promise.resolve(),
          pending: () => [],
          failed: () => [
            { unit: 'a', outcome: 'failed', exitCode: 2, signal: null, reason: null },
            { unit: 'c', outcome: 'timed_out', exitCode: null, signal: null, reason: null },
          ],
        },
      });
      expect(screen(await failed.run(['wait', '--all']))).toMatchInlineSnapshot(`
      "exit 1
      -- stdout
      Everything that the start triggers has ended, but not all of it well: "a" failed with exit code 2 and "c" timed out.
      "
    `);
      const { exitCode, stdout } = await failed.run(['wait', '--all', '--json']);
      expect(exitCode).toBe(1);
      expect(JSON.parse(stdout)).toEqual({ state, waitedMs: expect.any(Number), failed: ['a', 'c'] });
    },
  );
});

describe('why', () => {
  test('goes from a unit down to the roots', async () => {
    declareWorkspace();
    expect(await shown('why', 'web')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "web" is pending and waits for "api".
      In the end it is held up by, nearest first:
        "db" runs, for 1m30s, reported by process 4711.
          "web" → "api" → "db"
        "netwrok" is only a name: nobody has registered it.
          Did you mean "network"?
          "web" → "api" → "netwrok"
      "
    `);
    expect(await shown('why', 'api')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "api" is pending and waits for "db" and "netwrok".
      In the end it is held up by, nearest first:
        "db" runs, for 1m30s, reported by process 4711.
          "api" → "db"
        "netwrok" is only a name: nobody has registered it.
          Did you mean "network"?
          "api" → "netwrok"
      "
    `);
  });

  test('tells what a unit does that waits for nothing, and whom it holds up', async () => {
    declareWorkspace();
    expect(await shown('why', 'db')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "db" waits for no unit: it runs, for 1m30s, reported by process 4711.
      It holds up 3 units: "api", "web" and "worker".
      "
    `);
    expect(await shown('why', 'cache')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "cache" waits for nothing: it is ready, for 1m30s, but nobody has started it.
      No script stands for it: some process has to report it, as "muster complete cache" does.
      It holds up 1 unit: "worker".
      "
    `);
    expect(await shown('why', 'netwrok')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "netwrok" is only a name: nobody has registered it.
      Did you mean "network"?
      It holds up 2 units: "api" and "web".
      "
    `);
    agent.units.complete('db', { outcome: 'failed', exitCode: 3, reason: 'no disk' });
    expect(await shown('why', 'db')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "db" waits for nothing: it failed with exit code 3 (no disk) 1m30s ago.
      "
    `);
    expect(await shown('why', 'web')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "web" waits for nothing: it was skipped 1m30s ago: it needs "api", which was skipped: it needs "db", which failed with exit code 3 (no disk).
      Its next run is held up by, nearest first:
        "db" has ended 1m30s ago: it failed. Only another run of it can help.
          "web" → "api" → "db"
        "netwrok" is only a name: nobody has registered it.
          Did you mean "network"?
          "web" → "api" → "netwrok"
      "
    `);
  });

  test('a unit that nobody has mentioned', async () => {
    declareWorkspace();
    expect(await shown('why', 'databse')).toMatchInlineSnapshot(`
      "exit 4
      -- stderr
      error: there is no unit "databse": nobody has registered it or named it as a dependency.
      hint: See all units with "muster list".
      "
    `);
  });

  test('shows who holds up whom, and the locks', async () => {
    declareWorkspace();
    await using holder = await SyncClient.connect({ path: agent.socket });
    await using waiter = await SyncClient.connect({ path: agent.socket });
    await holder.call('sync.lock', { name: 'apt', label: 'apt-get (pid 12)' });
    await holder.call('sync.lock', { name: 'cpu', limit: 2 });
    waiter.call('sync.lock', { name: 'apt', label: 'dpkg (pid 15)' }).catch(() => {});
    await turn();
    await waiter.call('ping', {});
    expect(await shown('why')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      "db" holds up 3 units: "api", "web" and "worker".
        It runs, for 1m30s, reported by process 4711.
      "netwrok" holds up 2 units: "api" and "web".
        It is only a name: nobody has registered it.
        Did you mean "network"?
      "cache" holds up 1 unit: "worker".
        It is ready, for 1m30s, but nobody has started it.
        No script stands for it: some process has to report it, as "muster complete cache" does.
      Locks:
        "apt" is held by apt-get (pid 12); in line: dpkg (pid 15).
        "cpu" (2 at a time) is held by somebody.
      "
    `);
    const { stdout } = await agent.run(['why', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      unit: null,
      blockers: [{ unit: 'db' }, { unit: 'netwrok' }, { unit: 'cache' }],
      locks: [{ name: 'apt' }, { name: 'cpu' }],
    });
  });

  describe('of a unit whose work waits', () => {
    const who = (label: string, unit: string) => ({ label, within: { unit, run: 1 } });

    /** install runs and waits with its work for db; db runs. */
    async function declareWork(client: SyncClient): Promise<void> {
      for (const unit of ['install', 'db', 'serve']) agent.units.register(unit);
      agent.units.addDependencies('serve', [{ dependsOn: 'install', requires: 'succeeded' }]);
      agent.units.start('install', { owner: 'its script' });
      agent.units.start('db', { owner: 'its script' });
      client
        .call('sync.wait', { units: ['db'], for: 'succeeded', ...who('muster wait (pid 12)', 'install') })
        .catch(() => {});
      await client.call('ping', {});
    }

    test('goes on behind it', async () => {
      await using client = await SyncClient.connect({ path: agent.socket });
      await declareWork(client);
      expect(await shown('why', 'serve')).toMatchInlineSnapshot(`
        "exit 0
        -- stdout
        Unit "serve" is pending and waits for "install".
        In the end it is held up by:
          "db" runs, for 1m30s, reported by its script.
            "serve" → "install" → "db"
            In "install", muster wait (pid 12) waits for "db" to succeed.
        "
      `);
      expect(await shown('why', 'install')).toMatchInlineSnapshot(`
        "exit 0
        -- stdout
        Unit "install" runs, for 1m30s, but its work waits.
        In the end it is held up by:
          "db" runs, for 1m30s, reported by its script.
            "install" → "db"
            In "install", muster wait (pid 12) waits for "db" to succeed.
        "
      `);
      expect(await shown('why', 'db')).toMatchInlineSnapshot(`
        "exit 0
        -- stdout
        Unit "db" waits for no unit: it runs, for 1m30s, reported by its script.
        It holds up 2 units: "install" and "serve".
        It is waited for by muster wait (pid 12) (in "install").
        "
      `);
      expect(await shown('why')).toMatchInlineSnapshot(`
        "exit 0
        -- stdout
        "db" holds up 2 units: "install" and "serve".
          It runs, for 1m30s, reported by its script.
        Waits:
          In "install", muster wait (pid 12) waits for "db" to succeed.
        "
      `);
      expect(await shown('list')).toMatchInlineSnapshot(`
        "exit 0
        -- stdout
        UNIT     STATUS   OUTCOME  READY  RUN  DETAILS
        db       started  -        yes    1
        install  started  -        yes    1    its work waits for "db" to succeed
        serve    pending  -        no     0    waits for "install"
        "
      `);
      expect((await agent.run(['status', 'install'])).stdout).toContain(
        'Status: started: its work waits for "db" to succeed\n',
      );
    });

    test('tells of the lock that it waits for', async () => {
      await using holder = await SyncClient.connect({ path: agent.socket });
      await using client = await SyncClient.connect({ path: agent.socket });
      await holder.call('sync.lock', { name: 'apt', label: 'apt-get (pid 13)' });
      agent.units.register('install');
      agent.units.start('install');
      client.call('sync.lock', { name: 'apt', ...who('dpkg (pid 12)', 'install') }).catch(() => {});
      await client.call('ping', {});
      expect(await shown('why', 'install')).toMatchInlineSnapshot(`
        "exit 0
        -- stdout
        Unit "install" waits for no unit: it runs, for 1m30s.
        In "install", dpkg (pid 12) waits for the lock "apt".
        The lock "apt" is held by apt-get (pid 13); in line: dpkg (pid 12) of "install".
        "
      `);
    });

    test('names the circle where that leads back to itself', async () => {
      await using client = await SyncClient.connect({ path: agent.socket });
      await declareWork(client);
      client
        .call('sync.start', { unit: 'phase', after: ['serve'], ...who('muster start (pid 14)', 'db') })
        .catch(() => {});
      await client.call('ping', {});
      expect(await shown('why', 'serve')).toMatchInlineSnapshot(`
        "exit 0
        -- stdout
        Unit "serve" is pending and waits for "install".
        In the end it is held up by:
          "serve" waits for itself: "serve" → "install" → "db" → "phase" → "serve". Only a script that goes on beside its wait, or the end of a wait, can help.
            In "install", muster wait (pid 12) waits for "db" to succeed.
            In "db", muster start (pid 14) waits to start "phase".
        "
      `);
      expect(await shown('why')).toMatchInlineSnapshot(`
        "exit 0
        -- stdout
        "db" holds up 4 units: "db", "install", "phase" and "serve".
          It waits for itself: "db" → "phase" → "serve" → "install" → "db". Only a script that goes on beside its wait, or the end of a wait, can help.
        Waits:
          In "install", muster wait (pid 12) waits for "db" to succeed.
          In "db", muster start (pid 14) waits to start "phase".
        "
      `);
    });
  });

  test('every command that waits says who it is, and for which run', async () => {
    agent.units.register('never');
    agent.units.register('mine');
    agent.units.start('mine');
    await using holder = await SyncClient.connect({ path: agent.socket });
    await holder.call('sync.lock', { name: 'apt' });
    const env = { MUSTER_UNIT: 'mine', MUSTER_RUN: '1' };
    const commands = [
      ['wait', 'never'],
      ['start', 'a', '--needs', 'never'],
      ['run', 'b', '--needs', 'never', '--', 'true'],
      ['lock', 'apt', '--', '/bin/true', '--secret'],
      ['compat', 'coder', 'start', 'a'],
      ['compat', 'gp', 'sync-await', 'never'],
    ];
    const runs = commands.map((argv) => agent.run(argv, { env }));
    const waits = await vi.waitFor(async () => {
      const found = (await holder.call('sync.status', { unit: 'mine' })).waits;
      expect(found).toHaveLength(commands.length);
      return found;
    });
    expect(waits.map(({ label }) => label?.replace(/\d+/, 'PID')).sort()).toEqual([
      'coder exp sync start (pid PID)',
      'gp sync-await (pid PID)',
      'muster run (pid PID)',
      'muster start (pid PID)',
      'muster wait (pid PID)',
      'true (pid PID)',
    ]);
    await agent.close();
    await Promise.all(runs);
  });

  test('says plainly when nothing is blocked', async () => {
    expect(await shown('why')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Nothing is blocked: no unit waits for another.
      "
    `);
  });
});

test('hostile names are harmless on the new screens', async () => {
  const evil = 'ok\u202egnp';
  agent.units.register(evil);
  agent.units.register('z');
  agent.units.addDependencies('z', [{ dependsOn: evil, requires: 'completed' }]);
  await using holder = await SyncClient.connect({ path: agent.socket });
  await holder.call('sync.lock', { name: evil, label: `${evil}\u001b[2J` });
  for (const argv of [
    ['why'],
    ['why', 'z'],
    ['why', evil],
    ['wait', evil, '--timeout', '10ms'],
    ['fail', evil],
    ['wait', evil],
  ]) {
    const { stdout, stderr } = await agent.run(argv);
    expect(stdout + stderr).toContain('\\u{202e}');
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});
