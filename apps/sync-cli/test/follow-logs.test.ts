import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Ran, runHere, screen, TestAgent } from './support/agent.ts';
import { FakeAgent } from './support/fake-agent.ts';
import { ended, spawnShell } from './support/process.ts';
import { cutLog, TestRuns } from './support/runs.ts';

vi.setConfig({ testTimeout: 20_000 });

let runs: TestRuns;
let agent: TestAgent;
beforeEach(async () => {
  runs = new TestRuns();
  agent = await TestAgent.listen({ runLogs: (unit) => runs.of(unit) });
  for (const unit of ['api', 'build', 'db']) agent.units.register(unit);
});
afterEach(async () => {
  await agent[Symbol.asyncDispose]();
  runs[Symbol.dispose]();
});

/** A command that follows, whose output a test can wait for. */
class Follower {
  readonly end: Promise<Ran>;
  readonly #waiting = new Set<() => void>();
  #seen = { stdout: '', stderr: '' };

  constructor(...argv: string[]) {
    const listen = (name: 'stdout' | 'stderr') => (text: string) => {
      this.#seen = { ...this.#seen, [name]: text };
      for (const look of this.#waiting) look();
    };
    this.end = agent.run(['logs', '--follow', ...argv], { onStdout: listen('stdout'), onStderr: listen('stderr') });
  }

  async until(text: string, name: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.#seen[name].endsWith(text)) resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}

describe('a log that is followed', () => {
  test('is printed as it grows until its run has ended, though the unit was completed before', async () => {
    const run = runs.begin('build', 'one\n');
    const follower = new Follower('build');
    await follower.until('one\n');
    agent.units.complete('build');
    run.write('two\n');
    await follower.until('two\n');
    run.write('three');
    run.end();
    expect(screen(await follower.end)).toBe('exit 0\n-- stdout\none\ntwo\nthree');
  });

  test('begins when its script starts, and its file comes', async () => {
    runs.script('build');
    const follower = new Follower('build');
    await follower.until('Waits for "build" to start.\n', 'stderr');
    const run = runs.begin('build');
    agent.units.start('build');
    await agent.run(['ping']);
    run.write('late\n');
    await follower.until('late\n');
    run.end();
    expect(await follower.end).toMatchObject({ exitCode: 0, stdout: 'late\n' });
  });

  test('shows who waits for a start, for those who ask why', async () => {
    runs.script('build');
    const follower = new Follower('build');
    await follower.until('start.\n', 'stderr');
    await expect
      .poll(async () => (await agent.run(['why'])).stdout)
      .toContain('muster logs (pid PID) waits for "build"');
    runs.ended('build', 'text\n');
    agent.units.start('build');
    expect(await follower.end).toMatchObject({ exitCode: 0, stdout: 'text\n' });
  });

  test('of a run that has ended is only printed', async () => {
    runs.ended('build', 'text\n');
    runs.begin('build', 'next\n');
    expect(await new Follower('build', '--run', '1').end).toMatchObject({ exitCode: 0, stdout: 'text\n' });
  });

  test('begins with its last lines', async () => {
    const run = runs.begin('build', 'one\ntwo\n');
    const follower = new Follower('build', '--tail', '1');
    await follower.until('two\n');
    run.write('three\n');
    run.end();
    expect((await follower.end).stdout).toBe('two\nthree\n');
  });

  test('is printed from its beginning where its run or its file comes later, however few last lines are wanted', async () => {
    runs.script('api');
    const build = runs.begin('build');
    const follower = new Follower('api', 'build', '--tail', '1');
    await follower.until('Waits for "api" to start.\n', 'stderr');
    build.write('one\ntwo\n');
    await follower.until('build | one\nbuild | two\n');
    runs.ended('api', 'three\nfour\n');
    agent.units.start('api');
    await follower.until('api   | three\napi   | four\n');
    build.end();
    expect((await follower.end).exitCode).toBe(0);
  });

  test('of the first run begins when that starts, of a later one it is refused', async () => {
    runs.script('build');
    const follower = new Follower('build', '--run', '1');
    await follower.until('Waits for "build" to start.\n', 'stderr');
    expect(screen(await new Follower('build', '--run', '2').end)).toMatchInlineSnapshot(`
      "exit 3
      -- stderr
      error: unit "build" has no log: its script has not started yet.
      hint: Wait for that with "muster logs --follow UNIT", or for its end with "muster wait UNIT".
      "
    `);
    runs.ended('build', 'text\n');
    agent.units.start('build');
    expect(await follower.end).toMatchObject({ exitCode: 0, stdout: 'text\n' });
  });

  test('is refused before anything is printed where one of several is unknown or has no script', async () => {
    runs.begin('build', 'one\n');
    runs.script('api');
    expect(screen(await new Follower('build', 'biuld').end)).toMatchInlineSnapshot(`
      "exit 4
      -- stderr
      error: there is no unit "biuld": nobody has registered it or named it as a dependency.
      hint: Did you mean "build"?
      "
    `);
    expect(await new Follower('api', 'build', 'db').end).toMatchObject({ exitCode: 3, stdout: '' });
  });

  test('of several is told once that the agent has gone away', async () => {
    runs.begin('build', 'one\n');
    runs.begin('api', 'one\n');
    const follower = new Follower('api', 'build');
    await follower.until('build | one\n');
    await agent.close();
    const { exitCode, stderr } = await follower.end;
    expect([exitCode, stderr.match(/error: /g)?.length]).toEqual([75, 1]);
  });

  test('never mixes its lines with those of another', async () => {
    const [build, api] = [runs.begin('build', 'bui'), runs.begin('api', 'a\n')];
    const follower = new Follower('build', 'api');
    await follower.until('api   | a\n');
    build.write('ld\n');
    await follower.until('build | build\n');
    api.write('no line feed');
    build.end();
    api.end();
    const { exitCode, stdout } = await follower.end;
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').toSorted()).toEqual(['', 'api   | a', 'api   | no line feed', 'build | build']);
  });

  test('of a unit that is skipped ends with 5, which is told at once and keeps nobody from following another', async () => {
    agent.units.addDependencies('api', [{ dependsOn: 'db', requires: 'succeeded' }]);
    runs.script('api');
    const build = runs.begin('build', 'one\n');
    const follower = new Follower('api', 'build');
    await follower.until('build | one\n');
    agent.units.complete('db', { outcome: 'failed', exitCode: 2 });
    await follower.until('that is where the trouble began.\n', 'stderr');
    build.write('two\n');
    await follower.until('build | two\n');
    build.end();
    expect(screen(await follower.end)).toMatchInlineSnapshot(`
      "exit 5
      -- stdout
      build | one
      build | two

      -- stderr
      Waits for "api" to start.
      error: unit "api" has not started: skipped: needs "db", which failed with exit code 2.
      hint: Look at "db" first: that is where the trouble began.
      "
    `);
  });

  test('of a unit that somebody else has started has no script', async () => {
    runs.script('build');
    const follower = new Follower('build');
    await follower.until('start.\n', 'stderr');
    agent.units.start('build');
    expect(await follower.end).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('has not started yet') });
  });

  test('is printed to its end when the agent goes away, which is an error', async () => {
    const run = runs.begin('build', 'one\n');
    const follower = new Follower('build');
    await follower.until('one\n');
    run.write('two\n');
    await agent.close();
    const { exitCode, stdout, stderr } = await follower.end;
    expect({ exitCode, stdout }).toEqual({ exitCode: 75, stdout: 'one\ntwo\n' });
    expect(stderr).toContain('the agent is stopping');
  });

  test('is printed to its end when the agent is killed, which is another', async () => {
    const run = runs.begin('build', 'one\n');
    const log = { unit: 'build', run: 1, logPath: run.logPath, errorLogPath: null, endedAt: null, logRange: null };
    await using killed = await FakeAgent.listen((connection, request) => {
      const { id, params } = JSON.parse(request);
      if (!params.wait) connection.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: log })}\n`);
      else connection.destroy();
    });
    const { exitCode, stdout, stderr } = await runHere(['logs', '-f', 'build', '--socket', killed.socket]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: 'one\n' });
    expect(stderr).toContain('has gone away');
  });

  test('of the own run is refused', async () => {
    runs.begin('build', 'one\n');
    const env = { MUSTER_UNIT: 'build', MUSTER_RUN: '1' };
    expect(screen(await agent.run(['logs', '-f'], { env }))).toMatchInlineSnapshot(`
      "exit 2
      -- stderr
      error: this is part of the work of unit "build": to follow its own run would never end.
      hint: Leave out --follow to print what is there, or follow it from elsewhere.
      "
    `);
  });

  test('is followed no longer by a reader that has seen enough', async () => {
    const run = runs.begin('build', 'one\n');
    const child = spawnShell('{ muster logs -f build; echo "status $?" >&2; } | head -1', {
      MUSTER_SOCKET: agent.socket,
    });
    const end = ended(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    // Nobody can know that the reader has gone before there is something to write.
    const nudge = setInterval(() => run.write('more\n'), 20);
    expect(await end).toMatchObject({ stdout: 'one\n', stderr: 'status 0\n' });
    clearInterval(nudge);
  });
});

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index} of a script that writes much\n`).join('');

describe('a log that changes under its reader', () => {
  test('is followed through a cut without losing, doubling or joining a line', async () => {
    const run = runs.begin('build', lines(0, 2_000));
    const follower = new Follower('build');
    await follower.until(lines(1_999, 2_000));
    for (let round = 1; round < 4; round += 1) {
      run.write(lines(round * 2_000, round * 2_000 + 100));
      cutLog(run.logPath ?? '', { begin: 30_000, keep: 20_000 });
      run.write(lines(round * 2_000 + 100, (round + 1) * 2_000));
      await follower.until(lines((round + 1) * 2_000 - 1, (round + 1) * 2_000));
    }
    run.end();
    expect((await follower.end).stdout).toBe(lines(0, 8_000));
  });

  test('shows where it was cut before it was read', async () => {
    const run = runs.begin('build', lines(0, 2_000));
    const follower = new Follower('build');
    await follower.until(lines(1_999, 2_000));
    run.write(lines(2_000, 5_000));
    cutLog(run.logPath ?? '', { begin: 30_000, keep: 20_000 });
    run.write('the end\n');
    run.end();
    const { stdout } = await follower.end;
    const [before = '', after = ''] = stdout.split(/\n\[muster: about \d+ bytes were cut out here\]\n/);
    expect(lines(0, 2_000)).toBe(before);
    expect(`${lines(2_000, 5_000)}the end\n`.endsWith(after)).toBe(true);
    expect(after.length).toBe(20_000 + 'the end\n'.length);
  });

  test('is read from its beginning when it was emptied', async () => {
    const run = runs.begin('build', lines(0, 500));
    const follower = new Follower('build');
    await follower.until(lines(499, 500));
    truncateSync(run.logPath ?? '');
    run.write('anew\n');
    await follower.until('anew\n');
    run.end();
    expect((await follower.end).stdout).toBe(`${lines(0, 500)}anew\n`);
  });

  test('stays the file that its run writes to when another comes to its path', async () => {
    const run = runs.begin('build', 'one\n');
    const follower = new Follower('build');
    await follower.until('one\n');
    const moved = runs.path('moved');
    renameSync(run.logPath ?? '', moved);
    writeFileSync(run.logPath ?? '', 'of somebody else\n');
    appendFileSync(moved, 'two\n');
    await follower.until('two\n');
    run.end();
    expect((await follower.end).stdout).toBe('one\ntwo\n');
  });
});
