import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Ran, runHere, screen, TestAgent } from '../support/agent.ts';
import { FakeAgent } from '../support/fake-agent.ts';

let agent: TestAgent;
beforeEach(async () => {
  agent = await TestAgent.listen();
});
afterEach(() => agent[Symbol.asyncDispose]());

const coder = (...argv: readonly string[]): Promise<Ran> => agent.run(['compat', 'coder', ...argv]);

function wants(unit: string, ...dependsOn: readonly string[]): void {
  if (agent.units.find(unit) === null) agent.units.register(unit);
  agent.units.addDependencies(
    unit,
    dependsOn.map((each) => ({ dependsOn: each, requires: 'completed' as const })),
  );
}

function completed(...names: readonly string[]): void {
  for (const name of names) {
    agent.units.register(name);
    agent.units.complete(name);
  }
}

/** Runs a command that waits, and does something as soon as it has said so. */
async function whileWaiting(argv: readonly string[], action: () => void): Promise<Ran> {
  let pending: (() => void) | undefined = action;
  const onStdout = (text: string): void => {
    if (!text.includes('is waiting')) return;
    pending?.();
    pending = undefined;
  };
  const ran = await agent.run(['compat', 'coder', ...argv], { onStdout });
  expect(pending).toBeUndefined();
  return ran;
}

/** A run without its hints: those are muster's own, and tested there. */
function withoutHint(ran: Ran): string {
  return screen(ran).replace(/^hint: .*\n/gm, '');
}

describe('what coder prints', () => {
  test('ping', async () => {
    expect(await coder('ping')).toEqual({ exitCode: 0, stdout: 'Success\n', stderr: '' });
  });

  test('want', async () => {
    expect((await coder('want', 'test-unit', 'dep-unit')).stdout).toBe(
      'Unit "test-unit" declared dependencies: [dep-unit]\n',
    );
    expect((await coder('want', 'test-unit', 'dep-1', 'dep-2', 'dep-3')).stdout).toBe(
      'Unit "test-unit" declared dependencies: [dep-1, dep-2, dep-3]\n',
    );
    expect(agent.units.dependencies('test-unit').map(({ requires }) => requires)).toEqual(Array(4).fill('completed'));
  });

  test('start without dependencies', async () => {
    expect((await coder('start', 'test-unit')).stdout).toBe('Unit "test-unit" started with no dependencies\n');
    expect(agent.units.find('test-unit')?.status).toBe('started');
  });

  test('start with dependencies that are satisfied', async () => {
    completed('dep-unit', 'dep-unit-2');
    wants('test-unit', 'dep-unit-2', 'dep-unit');
    expect((await coder('start', 'test-unit')).stdout).toBe(
      'Unit "test-unit" started immediately, dependencies already satisfied: [dep-unit, dep-unit-2]\n',
    );
  });

  test('start with dependencies that are not', async () => {
    wants('test-unit', 'dep-unit', 'dep-unit-2');
    const ran = await whileWaiting(['start', 'test-unit'], () => completed('dep-unit', 'dep-unit-2'));
    expect(screen(ran)).toBe(`exit 0
-- stdout
Unit "test-unit" is waiting for dependencies to be satisfied: [dep-unit, dep-unit-2]
Unit "test-unit" finished waiting for dependencies: [dep-unit, dep-unit-2]
`);
    expect(agent.units.find('test-unit')?.status).toBe('started');
  });

  test('complete, also a second time', async () => {
    agent.units.register('test-unit');
    agent.units.start('test-unit');
    expect(await coder('complete', 'test-unit')).toEqual({ exitCode: 0, stdout: 'Success\n', stderr: '' });
    expect(await coder('complete', 'test-unit')).toEqual({ exitCode: 0, stdout: 'Success\n', stderr: '' });
    expect(agent.units.find('test-unit')).toMatchObject({ run: 1, outcome: 'succeeded' });
  });

  test('status', async () => {
    completed('dep-1');
    wants('test-unit', 'dep-1', 'dep-2');
    expect((await coder('status', 'test-unit')).stdout.replaceAll(' \n', '·\n')).toBe(`Unit: test-unit
Status: pending
Ready: false

Dependencies:
DEPENDS ON  REQUIRED STATUS  CURRENT STATUS  SATISFIED ·
dep-1       completed        completed       true      ·
dep-2       completed        not registered  false     ·
`);
    expect((await coder('status', 'dep-1')).stdout).toBe(
      'Unit: dep-1\nStatus: completed\nReady: true\n\nDependencies:\nNo dependencies found\n',
    );
  });

  test.each([
    ['that nobody has mentioned', 'doesnotexist'],
    ['that is only named as a dependency', 'dep-unit'],
  ])('status of a unit %s', async (_how, unit) => {
    wants('test-unit', 'dep-unit');
    const { exitCode, stdout } = await coder('status', unit);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`Unit: ${unit}\nStatus: not registered\nReady: true\n\nDependencies:\nNo dependencies found\n`);
  });

  test('status as JSON', async () => {
    wants('test-unit', 'dep-unit');
    expect((await coder('status', 'test-unit', '--output', 'json')).stdout).toBe(`{
  "unit_name": "test-unit",
  "status": "pending",
  "is_ready": false,
  "dependencies": [
    {
      "depends_on": "dep-unit",
      "required_status": "completed",
      "current_status": "",
      "is_satisfied": false
    }
  ]
}
`);
    expect(JSON.parse((await coder('status', '-o', 'json', 'nobody')).stdout)).toEqual({
      unit_name: 'nobody',
      status: '',
      is_ready: true,
      dependencies: null,
    });
  });

  test('list', async () => {
    expect((await coder('list')).stdout).toBe('No units registered\n');
    expect(JSON.parse((await coder('list', '--output=json')).stdout)).toEqual([]);
    agent.units.register('unit-a');
    agent.units.start('unit-a');
    completed('unit-b');
    wants('unit-c', 'only-named');
    expect((await coder('list')).stdout.replaceAll(' \n', '·\n')).toBe(`UNIT    STATUS     READY ·
unit-a  started    true  ·
unit-b  completed  true  ·
unit-c  pending    false ·
`);
    expect(JSON.parse((await coder('list', '-o', 'json')).stdout)).toEqual([
      { unit_name: 'unit-a', status: 'started', is_ready: true },
      { unit_name: 'unit-b', status: 'completed', is_ready: true },
      { unit_name: 'unit-c', status: 'pending', is_ready: false },
    ]);
  });

  test('the columns that were asked for', async () => {
    completed('unit-b');
    wants('unit-c', 'unit-b');
    expect((await coder('list', '-c', 'status,unit')).stdout.split('\n')[1]).toBe('completed  unit-b  ');
    expect((await coder('list', '--column', 'unit', '--column', 'ready')).stdout.split('\n')[0]).toBe(
      'UNIT    READY  ',
    );
    expect((await coder('status', 'unit-c', '-c', 'depends on')).stdout).toContain('\nDEPENDS ON  \nunit-b      \n');
  });
});

describe('start', () => {
  test('of a unit that is started already waits for what it has been made to want since', async () => {
    agent.units.register('own');
    agent.units.start('own');
    wants('own', 'base');
    const ran = await whileWaiting(['start', 'own'], () => completed('unrelated', 'base'));
    expect(ran.stdout).toContain('Unit "own" finished waiting for dependencies: [base]\n');
    expect(agent.units.find('own')).toMatchObject({ status: 'started', run: 1 });
  });

  test('of a unit that has completed begins its next run', async () => {
    completed('again');
    expect((await coder('start', 'again')).exitCode).toBe(0);
    expect(agent.units.find('again')).toMatchObject({ status: 'started', run: 2 });
  });

  test.each([
    ['a unit that waits', () => wants('api', 'db')],
    [
      'a unit that is started already',
      () => {
        agent.units.register('api');
        agent.units.start('api');
        wants('api', 'db');
      },
    ],
  ])('gives up on %s when its time is over', async (_what, prepare) => {
    prepare();
    const { exitCode, stderr } = await coder('start', 'api', '--timeout', '20ms');
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error: timeout waiting for dependencies of unit 'api'");
  });

  test('has its options before or after the name', async () => {
    expect((await coder('start', '--timeout', '30m', 'a')).exitCode).toBe(0);
    expect((await coder('--socket-path', '/tmp/coder-agent.sock', 'start', 'b', '--timeout=1h30m0s')).exitCode).toBe(0);
    expect(agent.units.list().map(({ unit }) => unit)).toEqual(['a', 'b']);
  });
});

describe('every error is exit code 1, in the shape of coder', () => {
  test('time is over', async () => {
    wants('api', 'db');
    expect(withoutHint(await coder('start', 'api', '--timeout', '20ms'))).toMatchInlineSnapshot(`
      "exit 1
      -- stdout
      Unit "api" is waiting for dependencies to be satisfied: [db]

      -- stderr
      Encountered an error running "coder exp sync start", see "coder exp sync start --help" for more information
      error: timeout waiting for dependencies of unit 'api': still unmet: "db" (not registered, needs completed)
      "
    `);
  });

  test('a circle', async () => {
    wants('a', 'b');
    expect(withoutHint(await coder('want', 'b', 'a'))).toMatchInlineSnapshot(`
      "exit 1
      -- stderr
      Encountered an error running "coder exp sync want", see "coder exp sync want --help" for more information
      error: declare dependency failed: cycle detected: unit "b" would wait for itself: "b" → "a" → "b". Leave out one of these dependencies.
      "
    `);
  });

  test('complete of a unit that nobody has mentioned', async () => {
    agent.units.register('database');
    expect(withoutHint(await coder('complete', 'databse'))).toMatchInlineSnapshot(`
      "exit 1
      -- stderr
      Encountered an error running "coder exp sync complete", see "coder exp sync complete --help" for more information
      error: complete unit failed: unit not found: there is no unit "databse": nobody has registered it or named it as a dependency.
      "
    `);
  });

  test('a dependency that can never be met', async () => {
    agent.units.register('db');
    agent.units.complete('db', { outcome: 'failed', exitCode: 3 });
    agent.units.register('api');
    agent.units.addDependencies('api', [{ dependsOn: 'db', requires: 'succeeded' }]);
    expect(withoutHint(await coder('start', 'api'))).toMatchInlineSnapshot(`
      "exit 1
      -- stdout
      Unit "api" is waiting for dependencies to be satisfied: [db]

      -- stderr
      Encountered an error running "coder exp sync start", see "coder exp sync start --help" for more information
      error: start unit failed: unit "api" can't start: it needs "db", which failed with exit code 3. Run "db" again until it succeeds, then start "api".
      "
    `);
  });

  test('no agent', async () => {
    const ran = await runHere(['compat', 'coder', 'ping'], { env: { MUSTER_SOCKET: '/nowhere/agent.sock' } });
    expect(withoutHint(ran)).toMatchInlineSnapshot(`
      "exit 1
      -- stderr
      Encountered an error running "coder exp sync ping", see "coder exp sync ping --help" for more information
      error: connect to agent socket: connect to socket: dial unix /nowhere/agent.sock: connect: no such file or directory
      "
    `);
  });

  test.each([
    [['start']],
    [['start', 'a', 'b']],
    [['want', 'a']],
    [['ping', 'a']],
    [['strat', 'a']],
    [['list', '--output', 'yaml']],
    [['list', '--column', 'age']],
    [['start', 'a', '--timeuot', '5m']],
    [['start', 'a', '--timeout', '5']],
    [['start', 'a', '--timeout']],
    [['start', '']],
  ])('%j', async (argv) => {
    const { exitCode, stdout, stderr } = await coder(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^Encountered an error running "coder exp sync .*\nerror: /);
    expect(stderr.split('\n')[1]).toMatchSnapshot();
  });

  test('the agent goes away while a started unit waits', async () => {
    await using fake = await FakeAgent.listen((connection, request) => {
      for (const line of request.trim().split('\n')) {
        const { id, method } = JSON.parse(line) as { id: number; method: string };
        const dependencies = [{ dependsOn: 'b', requires: 'completed', status: null, outcome: null, satisfied: false }];
        const result = { status: 'started', dependencies, readiness: 'waiting', unmet: dependencies };
        if (method === 'sync.wait') connection.end();
        else connection.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
      }
    });
    const { exitCode, stderr } = await runHere(['compat', 'coder', 'start', 'a'], {
      env: { MUSTER_SOCKET: fake.socket },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error: start unit failed: the connection to the agent has ended');
  });
});

test('the help names every command', async () => {
  expect(screen(await coder())).toMatchInlineSnapshot(`
    "exit 0
    -- stdout
      coder exp sync ping
          Check that the agent answers
      coder exp sync want <unit> <depends-on> [depends-on...]
          Declare units that have to complete before this one starts
      coder exp sync start <unit>
          Wait for the dependencies of a unit, then start it
      coder exp sync complete <unit>
          Report that a unit has completed
      coder exp sync status <unit>
          Show a unit and its dependencies
      coder exp sync list
          Show all units

    Options: -o, --output table|json; -c, --column NAMES; --timeout TIME, as in 30s or 5m, 0 = none.
    This is a front end of Muster. Its own command can do more: see "muster --help".
    "
  `);
  expect((await coder('--help')).stdout).toBe((await coder()).stdout);
  expect((await coder('start', '--help')).stdout).toContain('coder exp sync start <unit>');
});

test('it is no command of muster: neither the help nor the completion has it', async () => {
  expect((await agent.run(['--help'])).stdout).not.toContain('compat');
  expect((await agent.run(['__complete', '--', 'com'])).stdout.split('\n')).not.toContain('compat');
  expect((await agent.run(['compat', 'nothing'])).exitCode).toBe(2);
});

test('hostile names are shown harmless', async () => {
  const name = 'a\u202eb';
  wants(name, 'x\u200by');
  const shown = [await coder('status', name), await coder('list'), await coder('status', name, '-o', 'json')];
  for (const { stdout } of shown) expect(stdout).not.toMatch(/\p{Cf}/u);
  expect((await coder('complete', '\u202e')).stderr).toContain('there is no unit "\\u{202e}"');
  expect(JSON.parse(shown[2]?.stdout ?? '').unit_name).toBe(name);
});
