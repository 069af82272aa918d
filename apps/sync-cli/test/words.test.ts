import { SyncClient } from '@muster/socket/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { screen, TestAgent } from './support/agent.ts';
import { BuiltMuster } from './support/built.ts';
import { ended } from './support/process.ts';

let muster: BuiltMuster;
let agent: TestAgent;
beforeAll(async () => {
  muster = await BuiltMuster.build();
});
afterAll(() => muster[Symbol.asyncDispose]());
beforeEach(async () => {
  agent = await TestAgent.listen();
});
afterEach(() => agent[Symbol.asyncDispose]());

const shown = async (...argv: string[]): Promise<string> =>
  screen(await agent.run(argv)).replace(/after \d+ms/, 'after TIME');
const built = (...argv: string[]) => ended(muster.spawn(argv, { MUSTER_SOCKET: agent.socket }));

describe('a variable in front of a command', () => {
  const slip = ['PGPASSWORD=hunter2', 'B=hun/ter2', 'psql', '-c', 'hunter2'];

  test('is named without its value, which nobody stores', async () => {
    const { code, stderr } = await built('run', 'db', '--', ...slip);
    expect(code).toBe(127);
    expect(stderr).toMatchInlineSnapshot(`
      "error: the command "PGPASSWORD=…" was not found.
      hint: Only a shell takes that for a variable: put env in front, as in -- env PGPASSWORD=… B=… psql
      "
    `);
    expect(agent.units.find('db')?.completion?.reason).toBe('command "PGPASSWORD=…" not found');
    expect(JSON.stringify(agent.units.list())).not.toContain('ter2');
  });

  test('is no label of a lock', async () => {
    await using holder = await SyncClient.connect({ path: agent.socket });
    await holder.call('sync.lock', { name: 'apt' });
    const children = ['PGPASSWORD=hunter2', 'B=hun/ter2'].map((word) =>
      muster.spawn(['lock', 'apt', '--', word, 'psql'], { MUSTER_SOCKET: agent.socket }),
    );
    const ends = Promise.all(children.map(ended));
    await vi.waitFor(async () => expect((await holder.call('sync.why', {})).locks[0]?.waiting).toHaveLength(2), 10_000);
    const why = await agent.run(['why']);
    expect(why.stdout).toContain('PGPASSWORD=… (pid ');
    expect(why.stdout).toContain('B=… (pid ');
    await holder.call('sync.unlock', { name: 'apt' });
    for (const { code, stdout, stderr } of await ends) {
      expect(code).toBe(127);
      expect(`${why.stdout}${stdout}${stderr}`).not.toContain('ter2');
    }
  });
});

describe('a command that is part of the work of a unit', () => {
  test('and starts it once more is told that it is its own', async () => {
    const [node, file] = muster.words;
    const { code, stderr } = await built('run', 'r9', '--', node, file, 'run', 'r9', '--', 'true');
    expect(code).toBe(3);
    expect(stderr).toMatchInlineSnapshot(`
      "error: unit "r9" was started already, and this is part of its own work: it runs inside run 1.
      hint: To wait for the end of that run here would never end. Run the command as it is, or as the work of another unit.
      "
    `);
    const own = { env: { MUSTER_UNIT: 'a', MUSTER_RUN: '1' } };
    agent.units.register('a');
    agent.units.start('a');
    expect((await agent.run(['start', 'a', '--pid', `${process.pid}`], own)).stderr).toContain('part of its own work');
    const other = { env: { MUSTER_UNIT: 'a', MUSTER_RUN: '2' } };
    expect((await agent.run(['start', 'a', '--pid', `${process.pid}`], other)).stderr).toContain('by somebody else');
  });

  test('and completes it is not taken for somebody else', async () => {
    const [node, file] = muster.words;
    const line = `'${node}' '${file}' complete -q; exit 3`;
    const { code, stderr } = await built('run', 'a', '--', 'sh', '-c', line);
    expect(code).toBe(3);
    expect(stderr).toMatchInlineSnapshot(`
      "warning: unit "a" was completed before its command ended, as succeeded; that it failed is noted there.
      "
    `);
  });

  test('and waits for it says so at once, and waits', async () => {
    agent.units.register('own');
    agent.units.start('own');
    agent.units.register('other');
    const env = { MUSTER_UNIT: 'own', MUSTER_RUN: '1' };
    const notes = async (argv: string[], more: Record<string, string> = env) =>
      (await agent.run([...argv, '--timeout', '20ms'], { env: more })).stderr.includes('only be met');
    expect(
      (await agent.run(['wait', 'own', 'other', '--timeout', '20ms'], { env })).stderr.replace(
        /after \d+ms/,
        'after TIME',
      ),
    ).toMatchInlineSnapshot(`
      "Waits for "own" (started) and "other" (pending) to succeed.
      This waits for unit "own", and is part of its work. It can only be met if the script goes on beside it.
      error: timed out after TIME: waiting for each to have succeeded: "own" is started, "other" is pending.
      hint: See what holds it up with "muster why". Or allow more time with --timeout (0 = no limit).
      "
    `);
    expect(await notes(['wait', 'own', '--for', 'completed'])).toBe(true);
    expect(await notes(['wait', 'own', '--for', 'started'])).toBe(false);
    expect(await notes(['wait', 'own', 'other', '--any'])).toBe(false);
    expect(await notes(['wait', 'other'])).toBe(false);
    expect(await notes(['wait', 'own'], {})).toBe(false);
    expect(await notes(['wait', 'own'], { ...env, MUSTER_RUN: '2' })).toBe(false);
  });

  test('and waits for it as gp does says so, and is released by who goes on beside it', async () => {
    agent.units.register('own');
    agent.units.start('own');
    const onStderr = (text: string): void => {
      if (text.includes('only be met') && agent.units.find('own')?.status === 'started') agent.units.complete('own');
    };
    const env = { MUSTER_UNIT: 'own', MUSTER_RUN: '1' };
    expect(screen(await agent.run(['compat', 'gp', 'sync-await', 'own'], { env, onStderr }))).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      own done

      -- stderr
      gp: waiting for "own" (started)
      gp: This waits for unit "own", and is part of its work. It can only be met if the script goes on beside it.
      "
    `);
  });

  test('and waits for the whole start says so, unless it has reported its end or is no part of it', async () => {
    const startup = { ended: new Promise<void>(() => {}), pending: () => [], failed: () => [] };
    await using starting = await TestAgent.listen({ state: () => 'starting', startup });
    starting.units.register('own');
    starting.units.start('own');
    const env = { MUSTER_UNIT: 'own', MUSTER_RUN: '1', MUSTER_RUN_ID: 'id' };
    const wait = async (more: Record<string, string>) =>
      (await starting.run(['wait', '--all', '--timeout', '20ms'], { env: more })).stderr;
    expect((await wait(env)).split('error')[0]).toMatchInlineSnapshot(`
      "Waits until everything that the start triggers has ended.
      This waits for the whole start, and is part of it as work of unit "own". It can only be met if the script goes on beside it.
      "
    `);
    const { MUSTER_RUN_ID: _none, ...outside } = env;
    expect(await wait(outside)).not.toContain('only be met');
    starting.units.complete('own');
    expect(await wait(env)).not.toContain('only be met');
  });
});

describe('a slip in a name', () => {
  beforeEach(() => {
    for (const unit of ['database', 'clone']) agent.units.register(unit);
  });

  test('is seen where it is declared, and where it is waited for', async () => {
    expect(await shown('want', 'api', 'databse')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      Unit "api" depends on "databse" (needs completed). It waits for "databse" (not registered, needs completed).

      -- stderr
      Nobody has registered "databse": did you mean "database"?
      "
    `);
    expect(await shown('start', 'api', '--timeout', '20ms')).toMatchInlineSnapshot(`
      "exit 124
      -- stderr
      Unit "api" waits for "databse" (not registered, needs completed).
      error: timed out after TIME: unit "api" still waits for "databse" (not registered, needs completed).
      hint: Nobody has registered "databse": did you mean "database"? See how far its dependencies are with "muster status UNIT". Or allow more time with --timeout (0 = no limit).
      "
    `);
    expect(await shown('start', 'api', '--no-wait', '--needs', 'cloen')).toMatchInlineSnapshot(`
      "exit 3
      -- stderr
      error: unit "api" is not ready: it waits for "cloen" (not registered, needs succeeded) and "databse" (not registered, needs completed).
      hint: Nobody has registered "cloen", "databse": did you mean "clone" for "cloen", "database" for "databse"? See how far its dependencies are with "muster status UNIT". Or leave out --no-wait, to wait for it.
      "
    `);
    expect(screen(await agent.run(['want', 'api', 'databse', '-q']))).toBe('exit 0');
    expect((await agent.run(['want', 'api', 'databse', '--json'])).stderr).toBe('');
  });

  test('is none where the name that looks like it is a dependency as well', async () => {
    expect((await agent.run(['want', 'api', 'database', 'database2'])).stderr).toBe('');
    expect((await agent.run(['start', 'api', '--no-wait'])).stderr).toContain('is that the right name?');
  });

  test('is refused before anything is waited for', async () => {
    expect(await shown('wait', 'clon')).toMatchInlineSnapshot(`
      "exit 4
      -- stderr
      error: there is no unit "clon": nobody has registered it or named it as a dependency.
      hint: Did you mean "clone"?
      "
    `);
    expect((await agent.run(['wait', 'clon', '--late', '--timeout', '20ms'])).stderr).toContain('Waits for "clon"');
  });

  test('is named by those who follow it', async () => {
    let text = '';
    const onStderr = (all: string): void => {
      text = all;
      if (all.includes('Watching')) void agent.close();
    };
    await agent.run(['watch', 'clon', 'nosuch', 'clone'], { onStderr });
    expect(text.split('error')[0]?.replaceAll(/"[^"]*sock"/g, 'SOCKET')).toMatchInlineSnapshot(`
      "Nobody has mentioned "clon" yet. Did you mean "clone"?
      Nobody has mentioned "nosuch" yet.
      Watching. 3 units: 1 pending, 2 not registered
      "
    `);
  });
});
