import { describe, expect, test } from 'vitest';
import { AGENT } from './support/binaries.ts';
import { Workplace } from './support/workplace.ts';

const agentCommand = (place: Workplace, ...argv: readonly string[]) => place.run(process.execPath, AGENT, ...argv);

test('the first script already sees every unit, by the command on its PATH', async () => {
  await using place = await Workplace.create();
  const agent = await place.agent(`version: 1
scripts:
  first:
    run: muster list --json > "$HOME/seen.json"
  second:
    needs: first
    run: exit 0
  third:
    after: second
    run: exit 0
`);
  await agent.completed('third');
  const { stdout } = await place.run('cat', `${place.folder}/seen.json`);
  expect(JSON.parse(stdout)).toMatchObject([
    { unit: 'first', status: 'started' },
    { unit: 'second', status: 'pending', ready: false },
    { unit: 'third', status: 'pending', ready: false },
  ]);
});

test('a script waits for a phase that a process reports from outside', async () => {
  await using place = await Workplace.create();
  const agent = await place.agent(`version: 1
external: [database-restored]
scripts:
  migrate:
    needs: database-restored
    run: exit 0
`);
  expect((await agent.units()).get('migrate')).toMatchObject({ status: 'pending', waitingFor: ['database-restored'] });
  expect((await place.muster('complete', 'database-restored')).exitCode).toBe(0);
  const units = await agent.completed('migrate');
  expect(units.get('migrate')).toMatchObject({ outcome: 'succeeded', run: 1 });
});

test('the command waits for a script of the manifest, and is woken by its end', async () => {
  await using place = await Workplace.create();
  const agent = await place.agent(`version: 1
external: [go]
scripts:
  slow:
    needs: go
    run: exit 0
`);
  await place.muster('want', 'mine', 'slow');
  const waiting = place.muster('start', 'mine');
  await agent.until((units) => units.has('mine'));
  await place.muster('complete', 'go');
  const { exitCode, stdout, stderr } = await waiting;
  expect(exitCode).toBe(0);
  expect(stdout + stderr).toContain('slow');
  expect((await agent.units()).get('mine')).toMatchObject({ status: 'started', run: 1 });
});

test('stop scripts run in order after a SIGTERM, and the socket is gone at the end', async () => {
  await using place = await Workplace.create();
  const agent = await place.agent(`version: 1
scripts:
  last:
    on: stop
    needs: first
    run: echo last >> "$HOME/stopped"
  first:
    on: stop
    run: echo first >> "$HOME/stopped"
`);
  expect((await agent.stop('SIGTERM')).exitCode).toBe(0);
  expect((await place.run('cat', `${place.folder}/stopped`)).stdout).toBe('first\nlast');
  expect((await place.run('test', '-e', place.socket)).exitCode).toBe(1);
});

describe('the exit codes of muster', () => {
  const manifest = `version: 1
external: [never]
scripts:
  broken:
    run: exit 9
  waits:
    needs: never
    run: exit 0
`;

  test.each([
    [0, ['ping']],
    [0, ['list']],
    [0, ['status', 'broken']],
    [2, ['no-such-command']],
    [2, ['start', '--no-such-option', 'waits']],
    [3, ['complete', 'waits']], // It belongs to its script.
    [3, ['start', 'mine', '--needs', 'never', '--no-wait']],
    [4, ['status', 'no-such-unit']],
    [124, ['start', 'mine', '--needs', 'never', '--timeout', '50ms']],
  ])('%i for muster %j', async (code, argv) => {
    await using place = await Workplace.create();
    const agent = await place.agent(manifest);
    await agent.completed('broken');
    const { exitCode, stderr } = await place.muster(...argv);
    expect([exitCode, stderr === '']).toEqual([code, code === 0]);
  });

  test('5 for a start that can never happen', async () => {
    await using place = await Workplace.create();
    const agent = await place.agent(manifest);
    await agent.completed('broken');
    await place.muster('want', 'mine', 'broken', '--requires', 'succeeded');
    expect((await place.muster('start', 'mine')).exitCode).toBe(5);
  });

  test('69 where no agent runs, naming the socket that was tried', async () => {
    await using place = await Workplace.create();
    const { exitCode, stderr } = await place.muster('list');
    expect(exitCode).toBe(69);
    expect(stderr).toContain(place.socket);
  });
});

describe('the exit codes of muster-agent', () => {
  test('75 for a second agent on the same socket, which names the first', async () => {
    await using place = await Workplace.create();
    const agent = await place.agent('examples/hello/workspace.yaml');
    const { pid } = await agent.client.call('ping', {});
    const file = await place.write('other.yaml', 'version: 1\nscripts: {}\n');
    const { exitCode, stderr } = await agentCommand(place, 'run', file);
    expect(exitCode).toBe(75);
    expect(stderr).toContain(String(pid));
    expect((await agent.client.call('ping', {})).pid).toBe(pid);
  });

  test('78 for a wrong manifest, naming the line', async () => {
    await using place = await Workplace.create();
    const file = await place.write('wrong.yaml', 'version: 1\nscripts:\n  a:\n    run: echo\n    neds: b\n');
    const { exitCode, stderr, stdout } = await agentCommand(place, 'check', file);
    expect(exitCode).toBe(78);
    expect(stderr + stdout).toContain('wrong.yaml:5:5');
    expect(stderr + stdout).toContain('needs');
  });

  test('2 for an unknown option, and 0 for help', async () => {
    await using place = await Workplace.create();
    expect((await agentCommand(place, 'run', '--no-such-option', 'x.yaml')).exitCode).toBe(2);
    expect((await agentCommand(place, '--help')).exitCode).toBe(0);
  });
});
