import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Ran, runHere, screen, TestAgent } from '../support/agent.ts';

let agent: TestAgent;
beforeEach(async () => {
  agent = await TestAgent.listen();
});
afterEach(() => agent[Symbol.asyncDispose]());

const gp = (...argv: readonly string[]): Promise<Ran> => agent.run(['compat', 'gp', ...argv]);

/** Runs `gp sync-await`, and does something as soon as it has said that it waits. */
async function whileAwaiting(name: string, action: () => void): Promise<Ran> {
  let pending: (() => void) | undefined = action;
  const onStderr = (): void => {
    pending?.();
    pending = undefined;
  };
  const ran = await agent.run(['compat', 'gp', 'sync-await', name], { onStderr });
  expect(pending).toBeUndefined();
  return ran;
}

describe('sync-done', () => {
  test('completes a unit that nobody has mentioned', async () => {
    expect(await gp('sync-done', 'bundle')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(agent.units.find('bundle')).toMatchObject({ status: 'completed', outcome: 'succeeded', run: 1 });
  });

  test('a second time changes nothing', async () => {
    await gp('sync-done', 'bundle');
    expect((await gp('sync-done', 'bundle')).exitCode).toBe(0);
    expect(agent.units.find('bundle')?.run).toBe(1);
  });

  test('completes a unit that runs, or that is only named as a dependency', async () => {
    agent.units.register('script');
    agent.units.start('script');
    agent.units.addDependencies('script', [{ dependsOn: 'phase', requires: 'succeeded' }]);
    await gp('sync-done', 'script');
    await gp('sync-done', 'phase');
    expect(agent.units.list().map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
  });

  test('over a run that failed is a new run', async () => {
    agent.units.register('install');
    agent.units.complete('install', { outcome: 'failed' });
    await gp('sync-done', 'install');
    expect(agent.units.find('install')).toMatchObject({ outcome: 'succeeded', run: 2 });
  });
});

describe('sync-await', () => {
  test('goes on at once where it has happened', async () => {
    await gp('sync-done', 'bundle');
    expect(await gp('sync-await', 'bundle')).toEqual({ exitCode: 0, stdout: 'bundle done\n', stderr: '' });
  });

  test('waits for what is mentioned later, and leaves no trace in the list', async () => {
    const ran = await whileAwaiting('bundle', () => {
      expect(agent.units.list()).toEqual([]);
      agent.units.register('other');
      agent.units.register('bundle');
      agent.units.start('bundle');
      agent.units.complete('bundle');
    });
    expect(screen(ran)).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      bundle done

      -- stderr
      gp: waiting for "bundle", which nobody has mentioned yet
      "
    `);
    expect(agent.units.list().map(({ unit }) => unit)).toEqual(['bundle', 'other']);
  });

  test('says how far the unit is, or which name was meant', async () => {
    agent.units.register('bundle');
    agent.units.start('bundle');
    const running = await whileAwaiting('bundle', () => agent.units.complete('bundle'));
    expect(running.stderr).toBe('gp: waiting for "bundle" (started)\n');
    const misspelt = await whileAwaiting('bundel', () => {
      agent.units.register('bundel');
      agent.units.complete('bundel');
    });
    expect(misspelt.stderr).toBe('gp: waiting for "bundel", which nobody has mentioned yet; did you mean "bundle"?\n');
  });

  test('ends with an error when it fails meanwhile', async () => {
    agent.units.register('install');
    agent.units.start('install');
    const ran = await whileAwaiting('install', () =>
      agent.units.complete('install', { outcome: 'failed', exitCode: 3, reason: 'disk is full' }),
    );
    expect(screen(ran)).toMatchInlineSnapshot(`
      "exit 1
      -- stderr
      gp: waiting for "install" (started)
      Error: "install" failed with exit code 3 (disk is full), so it will not be done.
      hint: See more with "muster status install"; "gp sync-done install" overrules it.
      "
    `);
  });

  test('waits for a run that is under way after one that failed', async () => {
    agent.units.register('install');
    agent.units.complete('install', { outcome: 'failed' });
    agent.units.start('install');
    expect((await whileAwaiting('install', () => agent.units.complete('install'))).exitCode).toBe(0);
  });

  test('a later run takes nothing back', async () => {
    await gp('sync-done', 'cron');
    agent.units.start('cron');
    expect((await gp('sync-await', 'cron')).exitCode).toBe(0);
  });

  test('ends with an error when the agent stops', async () => {
    const { exitCode, stderr } = await whileAwaiting('never', () => void agent.close());
    expect(exitCode).toBe(1);
    expect(stderr).toContain('\nError: the agent');
  });
});

describe('every error is exit code 1', () => {
  test.each([[['sync-done']], [['sync-await', 'a', 'b']], [['url']], [['sync-done', '']], [['sync-done', '-x']]])(
    '%j',
    async (argv) => {
      const ran = await gp(...argv);
      expect(ran).toMatchObject({ exitCode: 1, stdout: '' });
      expect(ran.stderr).toMatchSnapshot();
    },
  );

  test('no agent', async () => {
    const env = { MUSTER_SOCKET: '/nowhere/agent.sock' };
    const { exitCode, stderr } = await runHere(['compat', 'gp', 'sync-await', 'a'], { env });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Error: no agent answers at "\/nowhere\/agent\.sock"/);
  });
});

test('the help', async () => {
  expect((await gp()).stdout).toBe((await gp('--help')).stdout);
  expect(screen(await gp('--help'))).toMatchInlineSnapshot(`
    "exit 0
    -- stdout
      gp sync-done <name>
          Report that something has happened
      gp sync-await <name>
          Wait until it has, for as long as it takes

    This is a front end of Muster: a name is that of a unit. Its own command can do more: see "muster --help".
    "
  `);
});
