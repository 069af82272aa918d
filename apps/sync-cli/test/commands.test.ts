import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { screen, TestAgent } from './support/agent.ts';

// The goldens of TestSyncCommands_Golden of the system that Muster re-creates, and what Muster adds to them.

let agent: TestAgent;
beforeEach(async () => {
  agent = await TestAgent.listen();
});
afterEach(() => agent[Symbol.asyncDispose]());

const shown = async (...argv: string[]): Promise<string> => screen(await agent.run(argv));

/** test-unit waits for dep-unit, which is registered, and net, which is not. */
function declareWaiting(): void {
  agent.units.register('dep-unit');
  agent.units.register('test-unit');
  agent.units.addDependencies('test-unit', [
    { dependsOn: 'dep-unit', requires: 'completed' },
    { dependsOn: 'net', requires: 'succeeded' },
  ]);
}

/** build failed, deploy needs it and was skipped, notify needs deploy. */
function declareFailure(): void {
  for (const unit of ['build', 'deploy', 'notify']) agent.units.register(unit);
  agent.units.addDependencies('deploy', [{ dependsOn: 'build', requires: 'succeeded' }]);
  agent.units.addDependencies('notify', [{ dependsOn: 'deploy', requires: 'succeeded' }]);
  agent.units.start('build');
  agent.units.complete('build', { outcome: 'failed', exitCode: 2, reason: 'no disk' });
}

describe('ping', () => {
  test('says who answers', async () => {
    expect(await shown('ping')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      The agent answers on "SOCKET": ready (version 1.2.3, protocol 1.0, pid PID).
      "
    `);
  });

  test('prints the shape that tools rely on', async () => {
    const { stdout } = await agent.run(['ping', '--json']);
    expect(Object.keys(JSON.parse(stdout.replace('PID', '1'))).slice(0, 6)).toEqual([
      'version',
      'protocol',
      'pid',
      'boot',
      'state',
      'socket',
    ]);
    expect(stdout).toMatchInlineSnapshot(`
      "{
        "version": "1.2.3",
        "protocol": "1.0",
        "pid": PID,
        "boot": "boot-1",
        "state": "ready",
        "socket": "SOCKET",
        "startedAt": "2026-01-02T03:04:00.000Z"
      }
      "
    `);
  });

  test('says nothing with --quiet', async () => {
    expect(await shown('ping', '-q')).toBe('exit 0');
  });
});

describe('want', () => {
  test('declares one dependency', async () => {
    expect(await shown('want', 'test-unit', 'dep-unit')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" depends on "dep-unit" (needs completed). It waits for "dep-unit" (not registered, needs completed).
      "
    `);
  });

  test('declares several, and says which are awaited', async () => {
    agent.units.register('dep-1');
    agent.units.complete('dep-1');
    expect(await shown('want', 'test-unit', 'dep-1', 'dep-2', 'dep-3')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" depends on "dep-1", "dep-2" and "dep-3" (needs completed). It waits for "dep-2" (not registered, needs completed) and "dep-3" (not registered, needs completed).
      "
    `);
  });

  test('says when there is nothing to wait for', async () => {
    agent.units.register('dep-1');
    agent.units.complete('dep-1');
    expect(await shown('want', 'test-unit', 'dep-1', '--requires', 'succeeded')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" depends on "dep-1" (needs succeeded). All of its dependencies are satisfied.
      "
    `);
  });

  test('takes the unit of the script with --self', async () => {
    const ran = await agent.run(['want', '--self', 'db', '--requires', 'started'], { env: { MUSTER_UNIT: 'me' } });
    expect(screen(ran)).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "me" depends on "db" (needs started). It waits for "db" (not registered, needs started).
      "
    `);
    expect(agent.units.dependencies('me')).toMatchObject([{ dependsOn: 'db', requires: 'started' }]);
  });

  test('never takes the unit of the script by itself', async () => {
    await agent.run(['want', 'a', 'b'], { env: { MUSTER_UNIT: 'me' } });
    expect(agent.units.dependencies('a')).toMatchObject([{ dependsOn: 'b' }]);
  });

  test('prints the answer of the agent as JSON', async () => {
    expect(await shown('want', 'test-unit', 'dep-unit', '--json')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      {
        "unit": "test-unit",
        "dependencies": [
          {
            "dependsOn": "dep-unit",
            "requires": "completed",
            "status": null,
            "outcome": null,
            "satisfied": false
          }
        ],
        "ready": false
      }
      "
    `);
  });

  test('refuses a circle, shows the whole of it and declares nothing', async () => {
    await agent.run(['want', 'a', 'b']);
    await agent.run(['want', 'b', 'c']);
    expect(await shown('want', 'c', 'other', 'a')).toMatchInlineSnapshot(`
      "exit 5
      -- stderr
      error: unit "c" would wait for itself: "c" → "a" → "b" → "c". Leave out one of these dependencies.
      hint: None of the dependencies of this request was added.
      "
    `);
    expect(agent.units.dependencies('c')).toEqual([]);
  });
});

describe('start', () => {
  test('starts a unit without dependencies', async () => {
    expect(await shown('start', 'test-unit')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" started (run 1): it has no dependencies.
      "
    `);
  });

  test('starts at once if the dependencies are satisfied', async () => {
    for (const unit of ['dep-unit', 'dep-unit-2', 'test-unit']) agent.units.register(unit);
    agent.units.addDependencies('test-unit', [
      { dependsOn: 'dep-unit', requires: 'completed' },
      { dependsOn: 'dep-unit-2', requires: 'completed' },
    ]);
    agent.units.complete('dep-unit');
    agent.units.complete('dep-unit-2');
    expect(await shown('start', 'test-unit')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" started at once (run 1): its dependencies were satisfied already: "dep-unit" and "dep-unit-2".
      "
    `);
  });

  test('says what it waits for, again when that changes, and what it waited for', async () => {
    declareWaiting();
    const steps = [
      () => agent.units.complete('dep-unit'),
      () => {
        agent.units.register('net');
        agent.units.complete('net');
      },
    ];
    // Each line on stderr is the sign for what changes it next.
    const ran = await agent.run(['start', 'test-unit'], { onStderr: () => steps.shift()?.() });
    expect(screen({ ...ran, stdout: ran.stdout.replace(/waiting [\d.]+m?s/, 'waiting TIME') })).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" started (run 1) after waiting TIME for "dep-unit" and "net".

      -- stderr
      Unit "test-unit" waits for "dep-unit" (pending, needs completed) and "net" (not registered, needs succeeded).
      Unit "test-unit" still waits for "net" (not registered, needs succeeded).
      "
    `);
  });

  test('keeps quiet while it waits, if asked to', async () => {
    declareWaiting();
    const { stdout, stderr } = await agent.run(['start', 'test-unit', '--quiet', '--timeout', '20ms']);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: timed out/);
  });

  test('says so if the unit is started already', async () => {
    await agent.run(['start', 'test-unit']);
    expect(await shown('start', 'test-unit')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" was started already (run 1); nothing changed.
      "
    `);
  });

  test('begins the next run of a completed unit', async () => {
    await agent.run(['start', 'test-unit']);
    await agent.run(['complete', 'test-unit']);
    expect(await shown('start', 'test-unit', '--json')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      {
        "unit": "test-unit",
        "run": 2,
        "already": false,
        "waitedMs": 0,
        "waitedFor": [],
        "satisfied": []
      }
      "
    `);
  });

  test('names what is unmet when its time is over', async () => {
    declareWaiting();
    const { exitCode, stderr } = await agent.run(['start', 'test-unit', '--timeout', '20ms']);
    expect(exitCode).toBe(124);
    expect(stderr.replace(/after [\d.]+m?s/, 'after TIME')).toMatchInlineSnapshot(`
      "Unit "test-unit" waits for "dep-unit" (pending, needs completed) and "net" (not registered, needs succeeded).
      error: timed out after TIME: unit "test-unit" still waits for "dep-unit" (pending, needs completed) and "net" (not registered, needs succeeded).
      hint: Nobody has registered "net": is that the right name? See how far its dependencies are with "muster status UNIT". Or allow more time with --timeout (0 = no limit).
      "
    `);
    expect(agent.units.find('test-unit')?.status).toBe('pending');
  });

  test('does not wait with --no-wait', async () => {
    declareWaiting();
    expect(await shown('start', 'test-unit', '--no-wait')).toMatchInlineSnapshot(`
      "exit 3
      -- stderr
      error: unit "test-unit" is not ready: it waits for "dep-unit" (pending, needs completed) and "net" (not registered, needs succeeded).
      hint: Nobody has registered "net": is that the right name? See how far its dependencies are with "muster status UNIT". Or leave out --no-wait, to wait for it.
      "
    `);
  });

  test('gives the chain of causes if it can never start', async () => {
    declareFailure();
    expect(await shown('start', 'notify')).toMatchInlineSnapshot(`
      "exit 5
      -- stderr
      error: unit "notify" can't start: it needs "deploy", which was skipped: it needs "build", which failed with exit code 2 (no disk). Run "deploy" again until it succeeds, then start "notify".
      hint: Look at "build" first: that is where the trouble began.
      "
    `);
  });

  test('stops waiting when a dependency fails, and says why', async () => {
    declareWaiting();
    const ran = await agent.run(['start', 'test-unit'], {
      onStderr: () => {
        if (agent.units.find('net')?.status !== null) return;
        agent.units.register('net');
        agent.units.complete('net', { outcome: 'failed', exitCode: 7 });
      },
    });
    expect(screen(ran)).toMatchInlineSnapshot(`
      "exit 5
      -- stderr
      Unit "test-unit" waits for "dep-unit" (pending, needs completed) and "net" (not registered, needs succeeded).
      error: unit "test-unit" can't start: it needs "net", which failed with exit code 7. Run "net" again until it succeeds, then start "test-unit".
      hint: Look at "net" first: that is where the trouble began.
      "
    `);
  });

  test('says that the agent is stopping', async () => {
    declareWaiting();
    const ran = await agent.run(['start', 'test-unit'], { onStderr: () => void agent.close() });
    expect(screen(ran)).toMatchInlineSnapshot(`
      "exit 75
      -- stderr
      Unit "test-unit" waits for "dep-unit" (pending, needs completed) and "net" (not registered, needs succeeded).
      error: the agent is stopping.
      hint: Try again when it runs again.
      "
    `);
  });

  test('takes the unit of the script', async () => {
    const ran = await agent.run(['start'], { env: { MUSTER_UNIT: 'me' } });
    expect(screen(ran)).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "me" started (run 1): it has no dependencies.
      "
    `);
  });
});

describe('complete', () => {
  test('reports success', async () => {
    await agent.run(['start', 'test-unit']);
    expect(await shown('complete', 'test-unit')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" completed (run 1): it succeeded.
      "
    `);
  });

  test.each([
    [['--failed'], { outcome: 'failed' }],
    [['--exit-code', '0'], { outcome: 'succeeded', exitCode: 0 }],
    [['--exit-code', '3'], { outcome: 'failed', exitCode: 3 }],
    [['--failed', '--exit-code', '3'], { outcome: 'failed', exitCode: 3 }],
    [['--outcome', 'timed_out', '--exit-code=143'], { outcome: 'timed_out', exitCode: 143 }],
    [['--outcome', 'succeeded', '--exit-code', '1'], { outcome: 'succeeded', exitCode: 1 }],
    [['--outcome', 'skipped', '--reason', 'not needed'], { outcome: 'skipped', reason: 'not needed' }],
  ])('reports %j', async (options, completion) => {
    agent.units.register('test-unit');
    expect((await agent.run(['complete', 'test-unit', ...options])).exitCode).toBe(0);
    expect(agent.units.find('test-unit')?.completion).toMatchObject(completion);
  });

  test('says how a failure was reported', async () => {
    await agent.run(['start', 'test-unit']);
    expect(await shown('complete', 'test-unit', '--exit-code', '3', '--reason', 'no disk')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" completed (run 1): it failed with exit code 3 (no disk).
      "
    `);
  });

  test('says when the unit was completed already, and that another outcome is lost', async () => {
    await agent.run(['start', 'test-unit']);
    await agent.run(['complete', 'test-unit', '--failed']);
    expect(await shown('complete', 'test-unit', '--failed')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" was completed already, as failed (run 1); nothing changed.
      "
    `);
    expect(await shown('complete', 'test-unit')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "test-unit" was completed already, as failed (run 1); nothing changed. "succeeded" was not recorded.
      "
    `);
  });

  test('prints the answer of the agent as JSON', async () => {
    agent.units.register('test-unit');
    expect(await shown('complete', 'test-unit', '--json')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      {
        "unit": "test-unit",
        "run": 1,
        "outcome": "succeeded",
        "already": false,
        "stopping": false
      }
      "
    `);
  });

  test('registers a unit that is only named as a dependency', async () => {
    await agent.run(['want', 'a', 'b']);
    expect(await shown('complete', 'b')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "b" completed (run 1): it succeeded.
      "
    `);
  });

  test('does not know a unit that nobody has mentioned, and suggests names', async () => {
    agent.units.register('database');
    expect(await shown('complete', 'databse')).toMatchInlineSnapshot(`
      "exit 4
      -- stderr
      error: there is no unit "databse": nobody has registered it or named it as a dependency.
      hint: Did you mean "database"?
      "
    `);
    expect(await shown('complete', 'zzz')).toMatchInlineSnapshot(`
      "exit 4
      -- stderr
      error: there is no unit "zzz": nobody has registered it or named it as a dependency.
      hint: See all units with "muster list".
      "
    `);
  });
});

describe('status', () => {
  test('of a pending unit', async () => {
    agent.units.register('test-unit');
    expect(await shown('status', 'test-unit')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit: "test-unit"
      Status: pending
      Outcome: none yet
      Ready: yes
      Run: 0
      Changed: 2026-01-02T03:04:05.006Z

      Dependencies: none
      "
    `);
  });

  test('of a started unit', async () => {
    await agent.run(['start', 'test-unit']);
    expect(await shown('status', 'test-unit')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit: "test-unit"
      Status: started
      Outcome: none yet
      Ready: yes
      Run: 1
      Changed: 2026-01-02T03:04:05.006Z

      Dependencies: none
      "
    `);
  });

  test('of a completed unit', async () => {
    await agent.run(['start', 'test-unit']);
    await agent.run(['complete', 'test-unit', '--exit-code', '3', '--reason', 'no disk']);
    expect(await shown('status', 'test-unit')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit: "test-unit"
      Status: completed
      Outcome: failed: exit code 3 (no disk)
      Ready: yes
      Run: 1
      Changed: 2026-01-02T03:04:05.006Z

      Dependencies: none
      "
    `);
  });

  test('with dependencies', async () => {
    agent.units.register('dep-1');
    agent.units.complete('dep-1');
    agent.units.register('test-unit');
    agent.units.addDependencies('test-unit', [
      { dependsOn: 'dep-2', requires: 'succeeded' },
      { dependsOn: 'dep-1', requires: 'completed' },
    ]);
    expect(await shown('status', 'test-unit')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit: "test-unit"
      Status: pending
      Outcome: none yet
      Ready: no: waits for "dep-2"
      Run: 0
      Changed: 2026-01-02T03:04:05.006Z

      Dependencies:
      DEPENDS ON  REQUIRES   STATUS          OUTCOME    SATISFIED
      dep-1       completed  completed       succeeded  yes
      dep-2       succeeded  not registered  -          no
      "
    `);
  });

  test('as JSON', async () => {
    agent.units.register('test-unit');
    agent.units.addDependencies('test-unit', [{ dependsOn: 'dep-2', requires: 'succeeded' }]);
    expect(await shown('status', 'test-unit', '--json')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      {
        "unit": "test-unit",
        "status": "pending",
        "outcome": null,
        "ready": false,
        "run": 0,
        "exitCode": null,
        "signal": null,
        "reason": null,
        "causes": [],
        "changedAt": "2026-01-02T03:04:05.006Z",
        "forced": false,
        "owner": null,
        "note": null,
        "waitingFor": [
          "dep-2"
        ],
        "waits": [],
        "expectedMs": null,
        "dependencies": [
          {
            "dependsOn": "dep-2",
            "requires": "succeeded",
            "status": null,
            "outcome": null,
            "satisfied": false
          }
        ]
      }
      "
    `);
  });

  test('of a skipped unit tells the whole chain', async () => {
    declareFailure();
    expect(await shown('status', 'notify')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit: "notify"
      Status: completed
      Outcome: skipped: needs "deploy", which was skipped: it needs "build", which failed with exit code 2 (no disk)
      Ready: no
      Run: 1
      Changed: 2026-01-02T03:04:05.006Z

      Dependencies:
      DEPENDS ON  REQUIRES   STATUS     OUTCOME  SATISFIED
      deploy      succeeded  completed  skipped  no
      "
    `);
  });

  test('is one word with --quiet', async () => {
    await agent.run(['want', 'a', 'b']);
    expect(await shown('status', 'a', '-q')).toBe('exit 0\n-- stdout\npending\n');
    expect(await shown('status', 'b', '-q')).toBe('exit 0\n-- stdout\nnot registered\n');
  });

  test('of a unit that nobody knows', async () => {
    expect(await shown('status', 'nobody', '--json')).toMatchInlineSnapshot(`
      "exit 4
      -- stderr
      {"error":{"code":"unknown_unit","message":"there is no unit \\"nobody\\": nobody has registered it or named it as a dependency.","hint":"See all units with \\"muster list\\"."}}
      "
    `);
  });
});

describe('list', () => {
  test('without units', async () => {
    expect(await shown('list')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      No units yet.
      "
    `);
    expect(await shown('list', '--json')).toBe('exit 0\n-- stdout\n[]\n');
    expect(await shown('list', '--quiet')).toBe('exit 0');
  });

  test('of units in every state', async () => {
    declareFailure();
    declareWaiting();
    agent.units.register('first');
    agent.units.complete('first');
    expect(await shown('list')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      UNIT       STATUS          OUTCOME    READY  RUN  DETAILS
      build      completed       failed     yes    1    exit code 2 (no disk)
      dep-unit   pending         -          yes    0
      deploy     completed       skipped    no     1    needs "build", which failed with exit code 2 (no disk)
      first      completed       succeeded  yes    1
      net        not registered  -          -      0
      notify     completed       skipped    no     1    needs "deploy", which was skipped: it needs "build", which failed with exit code 2 (no disk)
      test-unit  pending         -          no     0    waits for "dep-unit" and "net"
      "
    `);
  });

  test('as JSON, sorted by name', async () => {
    for (const unit of ['b', 'a']) agent.units.register(unit);
    agent.units.start('b');
    const { stdout } = await agent.run(['list', '--json']);
    const units = JSON.parse(stdout);
    expect(units.map((each: object) => Object.keys(each).slice(0, 5))).toEqual([
      ['unit', 'status', 'outcome', 'ready', 'run'],
      ['unit', 'status', 'outcome', 'ready', 'run'],
    ]);
    expect(stdout).toMatchInlineSnapshot(`
      "[
        {
          "unit": "a",
          "status": "pending",
          "outcome": null,
          "ready": true,
          "run": 0,
          "exitCode": null,
          "signal": null,
          "reason": null,
          "causes": [],
          "changedAt": "2026-01-02T03:04:05.006Z",
          "forced": false,
          "owner": null,
          "note": null,
          "waitingFor": [],
          "waits": [],
          "expectedMs": null
        },
        {
          "unit": "b",
          "status": "started",
          "outcome": null,
          "ready": true,
          "run": 1,
          "exitCode": null,
          "signal": null,
          "reason": null,
          "causes": [],
          "changedAt": "2026-01-02T03:04:05.006Z",
          "forced": false,
          "owner": null,
          "note": null,
          "waitingFor": [],
          "waits": [],
          "expectedMs": null
        }
      ]
      "
    `);
  });

  test('as names alone', async () => {
    for (const unit of ['b', 'a']) agent.units.register(unit);
    expect(await shown('list', '-q')).toBe('exit 0\n-- stdout\na\nb\n');
  });

  test('in colour', async () => {
    declareFailure();
    const { stdout } = await agent.run(['list', '--color', 'always']);
    expect(JSON.stringify(stdout)).toMatchInlineSnapshot(
      `""UNIT    STATUS     OUTCOME  READY  RUN  DETAILS\\nbuild   \\u001b[31mcompleted\\u001b[39m  \\u001b[31mfailed\\u001b[39m   yes    1    \\u001b[2mexit code 2 (no disk)\\u001b[22m\\ndeploy  \\u001b[2mcompleted\\u001b[22m  \\u001b[2mskipped\\u001b[22m  no     1    \\u001b[2mneeds \\"build\\", which failed with exit code 2 (no disk)\\u001b[22m\\nnotify  \\u001b[2mcompleted\\u001b[22m  \\u001b[2mskipped\\u001b[22m  no     1    \\u001b[2mneeds \\"deploy\\", which was skipped: it needs \\"build\\", which failed with exit code 2 (no disk)\\u001b[22m\\n""`,
    );
  });
});
