import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './support/binaries.ts';
import { Workplace } from './support/workplace.ts';

test('hello says hello, and its agent stops when asked', async () => {
  await using place = await Workplace.create();
  const agent = await place.agent('examples/hello/workspace.yaml');
  const units = await agent.completed('hello');
  expect(units.get('hello')).toMatchObject({ outcome: 'succeeded', run: 1, exitCode: 0 });
  const logs = await place.run('sh', '-c', 'cat "$XDG_STATE_HOME"/muster/*/logs/*/*.log | sort -u');
  expect(logs.stdout).toContain('Hello from hello');
  expect((await agent.stop()).exitCode).toBe(0);
});

test('ordered-startup starts three scripts at once, and they come up in order', async () => {
  await using place = await Workplace.create();
  await place.agent('examples/ordered-startup/workspace.yaml');
  const { stdout, exitCode } = await place.run(path.join(ROOT, 'examples/ordered-startup/together.sh'));
  expect(stdout.split('\n').filter((line) => /^\w+: /.test(line))).toEqual([
    'database: restored',
    'api: migrated',
    'web: serving',
  ]);
  expect(exitCode).toBe(0);
  expect(JSON.parse((await place.muster('list', '--json')).stdout)).toMatchObject([
    { unit: 'api', status: 'completed', outcome: 'succeeded' },
    { unit: 'database', status: 'completed', outcome: 'succeeded' },
    { unit: 'web', status: 'completed', outcome: 'succeeded' },
  ]);
});

test('ordered-startup lets nobody wait when the first script fails', async () => {
  await using place = await Workplace.create();
  await place.agent('examples/ordered-startup/workspace.yaml');
  await place.run('sh', '-c', 'muster start database && muster complete database --exit-code 7');
  const { exitCode, stderr } = await place.run(path.join(ROOT, 'examples/ordered-startup/api.sh'));
  expect(exitCode).toBe(5);
  expect(stderr).toContain('"database"');
  expect(stderr).toContain('exit code 7');
});

test('embedding runs in order and skips what needs a failed script', async () => {
  await using place = await Workplace.create();
  const { stdout, exitCode, stderr } = await place.run(
    process.execPath,
    path.join(ROOT, 'examples/embedding/embedding.ts'),
  );
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatchInlineSnapshot(`
    "fetch: registered
    build: registered
    deploy: registered
    build: dependency_set
    deploy: dependency_set
    fetch: started
    fetch: succeeded
    build: started
    build: failed
    deploy: skipped
    ┌─────────┬──────────┬─────┬─────────────┬──────────┐
    │ (index) │ unit     │ run │ outcome     │ exitCode │
    ├─────────┼──────────┼─────┼─────────────┼──────────┤
    │ 0       │ 'fetch'  │ 1   │ 'succeeded' │ 0        │
    │ 1       │ 'build'  │ 1   │ 'failed'    │ 2        │
    │ 2       │ 'deploy' │ 0   │ 'skipped'   │ null     │
    └─────────┴──────────┴─────┴─────────────┴──────────┘"
  `);
});

test('dev-workspace comes up: what succeeds, fails, is skipped and runs all the same', async () => {
  await using place = await Workplace.create();
  const agent = await place.agent('examples/dev-workspace/workspace.yaml');
  const units = await agent.until(
    (all) =>
      ['serve', 'fetch', 'lint', 'release', 'report'].every((name) => all.get(name)?.status === 'completed') &&
      (all.get('heartbeat')?.run ?? 0) > 2,
  );
  const ends = [...units].map(([name, { status, outcome, exitCode }]) => [name, status, outcome, exitCode]);
  expect(ends.filter(([name]) => name !== 'heartbeat')).toMatchInlineSnapshot(`
    [
      [
        "build",
        "completed",
        "succeeded",
        0,
      ],
      [
        "clone",
        "completed",
        "succeeded",
        0,
      ],
      [
        "fetch",
        "completed",
        "succeeded",
        0,
      ],
      [
        "install",
        "completed",
        "succeeded",
        0,
      ],
      [
        "lint",
        "completed",
        "failed",
        3,
      ],
      [
        "release",
        "completed",
        "skipped",
        null,
      ],
      [
        "report",
        "completed",
        "succeeded",
        0,
      ],
      [
        "repository",
        "completed",
        "succeeded",
        0,
      ],
      [
        "serve",
        "completed",
        "succeeded",
        0,
      ],
      [
        "server-listening",
        "completed",
        "succeeded",
        null,
      ],
      [
        "shutdown",
        "pending",
        null,
        null,
      ],
    ]
  `);
  expect(units.get('release')?.causes).toMatchObject([{ dependsOn: 'lint', outcome: 'failed', exitCode: 3 }]);

  const address = (await readFile(path.join(place.folder, 'cache/muster-dev-workspace/address'), 'utf8')).trim();
  expect(await (await fetch(address)).text()).toContain('Built with Node');

  const { exitCode } = await agent.stop();
  expect(exitCode).toBe(0);
  await expect(fetch(address), 'the stop script stops the server').rejects.toThrow();
});
