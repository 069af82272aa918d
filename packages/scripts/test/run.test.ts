import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, lineOf } from './support/files.ts';
import { ManualClock } from './support/manual-clock.ts';
import { Rig, script } from './support/rig.ts';

describe('a run', () => {
  it('registers every unit before anything runs, then goes through started to completed', async () => {
    await using rig = new Rig();
    await rig.runner.init([script('a', 'echo hello'), script('b', 'exit 3', { triggers: ['stop'] })]);
    expect(rig.manager.list().map(({ unit, status }) => [unit, status])).toEqual([
      ['a', 'pending'],
      ['b', 'pending'],
    ]);
    const seen: string[] = [];
    rig.manager.subscribe(({ type, unit }) => void seen.push(`${unit} ${type}`));
    const [report] = await rig.runner.execute('start');
    expect(seen).toEqual(['a started', 'a completed']);
    expect(report).toMatchObject({
      script: 'a',
      unit: 'a',
      run: 1,
      stage: 'start',
      exitCode: 0,
      signal: null,
      outcome: 'succeeded',
    });
    expect(report?.endedAt).toBeGreaterThanOrEqual(report?.startedAt ?? Number.NaN);
    expect(rig.batches).toMatchObject([{ text: 'hello\n', skipped: 0, level: 'info', unit: 'a', run: 1 }]);
    expect(rig.reports).toEqual([report]);
    await rig.runner.execute('stop');
    expect(rig.manager.find('b')?.completion).toMatchObject({ outcome: 'failed', exitCode: 3 });
  });

  it('runs only what the trigger selects, all at once', async () => {
    await using rig = new Rig();
    await rig.runner.init([
      script('both', 'true', { triggers: ['start', 'stop'] }),
      script('start', 'true'),
      script('stop', 'true', { triggers: ['stop'] }),
      script('cron', 'true', { triggers: ['cron'], cron: '@yearly' }),
    ]);
    expect((await rig.runner.execute('start')).map((report) => report.script)).toEqual(['both', 'start']);
    expect((await rig.runner.execute('stop')).map((report) => [report.script, report.run])).toEqual([
      ['both', 2],
      ['stop', 1],
    ]);
  });

  it('has an environment that describes it, whatever the script asks for', async () => {
    await using rig = new Rig({
      env: { PATH: '/usr/bin:/bin', MUSTER_SOCKET: '/stale', KEPT: 'yes' },
      socketPath: '/run/x.sock',
    });
    const text =
      'echo "$MUSTER_SOCKET|$MUSTER_UNIT|$MUSTER_RUN|$MUSTER_RUN_ID|$MUSTER_SCRIPT_DATA_DIR|$MUSTER_SCRIPT_BIN_DIR|$PATH|$KEPT|$OWN"';
    const [report] = await rig.start(script('a', text, { env: { MUSTER_RUN_ID: 'mine', OWN: 'x' } }));
    const values = rig.log(report).trim().split('|');
    const [, , , , data = '', bin = ''] = values;
    expect(values).toEqual(['/run/x.sock', 'a', '1', report?.runId, data, bin, `${bin}:/usr/bin:/bin`, 'yes', 'x']);
    expect([data, bin].map((path) => statSync(path).mode & 0o7777)).toEqual([0o700, 0o700]);
    expect(bin).toBe(rig.runner.binDir);
  });

  it('has the environment as it was when the runner was made', async () => {
    const env: Record<string, string> = { PATH: '/usr/bin:/bin', KEPT: 'yes' };
    await using rig = new Rig({ env });
    env.KEPT = 'no';
    const [report] = await rig.start(script('a', 'echo $KEPT'));
    expect(rig.log(report)).toBe('yes\n');
  });

  it('works with a PATH that leads nowhere', async () => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', 'echo fine', { shell: '/bin/sh', env: { PATH: '/nowhere' } }));
    expect(report?.outcome).toBe('succeeded');
  });

  it('runs under the interpreter of its first line, with its one argument', async () => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', '#!/usr/bin/env -S sh -e\nfalse\necho not reached'));
    expect(report).toMatchObject({ exitCode: 1 });
    expect(rig.log(report)).toBe('');
  });

  it('takes a script of a megabyte, which no command line could', async () => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', `${'# filler\n'.repeat(120_000)}echo end`));
    expect(rig.log(report)).toBe('end\n');
  });

  it('runs without a unit when the script has no name', async () => {
    await using rig = new Rig();
    const [report] = await rig.start({ id: 'a', script: `echo "\${MUSTER_UNIT-none}"`, triggers: ['start'] });
    expect(rig.log(report)).toBe('none\n');
    expect(report).toMatchObject({ unit: null, run: 1 });
    expect(rig.manager.list()).toEqual([]);
    expect(rig.said.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('reads nothing and belongs to no terminal', async () => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', 'cat; (exec </dev/tty) 2>/dev/null && echo terminal; echo done'));
    expect(rig.log(report)).toBe('done\n');
  });

  it('keeps within the limit of processes', async () => {
    await using rig = new Rig({ concurrency: 1 });
    const text = `mkdir ${rig.path('lock')} && sleep 0.02 && rmdir ${rig.path('lock')}`;
    const reports = await rig.start(script('a', text), script('b', text), script('c', text));
    expect(reports.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });
});

describe('a timeout', () => {
  it('ends the whole group, and stays a timeout though it is cancelled later', async () => {
    const clock = new ManualClock();
    await using rig = new Rig({ clock });
    const ready = rig.path('ready');
    await rig.runner.init([
      script('a', `trap 'echo bye; exit 0' TERM; echo $$ >${ready}; while :; do sleep 0.01; done`, { timeoutMs: 5000 }),
    ]);
    const controller = new AbortController();
    const running = rig.runner.execute('start', { signal: controller.signal });
    await lineOf(ready);
    clock.advance(5000);
    controller.abort();
    const [report] = await clock.passUntil(running);
    expect(report).toMatchObject({ outcome: 'timed_out', exitCode: 0 });
    expect(rig.log(report)).toContain('bye\n');
    expect(rig.manager.find('a')?.outcome).toBe('timed_out');
  });

  it('becomes SIGKILL after the grace', async () => {
    const clock = new ManualClock();
    await using rig = new Rig({ clock, graceMs: 10_000 });
    const ready = rig.path('ready');
    await rig.runner.init([
      script('a', `trap '' TERM; echo $$ >${ready}; while :; do sleep 0.01; done`, { timeoutMs: 1 }),
    ]);
    const running = rig.runner.execute('start');
    const pid = Number(await lineOf(ready));
    while (isAlive(pid)) await clock.step(100);
    const [report] = await clock.passUntil(running);
    expect(report).toMatchObject({ outcome: 'timed_out', exitCode: null, signal: 'SIGKILL' });
    expect(clock.pending).toBe(0);
    await clock.passUntil(rig.runner[Symbol.asyncDispose]());
  });

  it('becomes SIGKILL at once when the runner is told to hurry', async () => {
    const clock = new ManualClock();
    await using rig = new Rig({ clock, graceMs: 10_000 });
    const ready = rig.path('ready');
    await rig.runner.init([
      script('a', `trap '' TERM; echo $$ >${ready}; while :; do sleep 0.01; done`, { timeoutMs: 5000 }),
    ]);
    const running = rig.runner.execute('start');
    const pid = Number(await lineOf(ready));
    clock.advance(5000);
    rig.runner.hurry();
    rig.runner.hurry();
    const killed = clock.monotonic();
    expect((await clock.passUntil(running))[0]).toMatchObject({ outcome: 'timed_out', signal: 'SIGKILL' });
    expect(isAlive(pid)).toBe(false);
    expect(clock.monotonic() - killed).toBeLessThan(10_000);
    await clock.passUntil(rig.runner[Symbol.asyncDispose]());
  });

  it('does not count the time that a script waits for others', async () => {
    const clock = new ManualClock();
    await using rig = new Rig({ clock });
    await rig.runner.init([script('a', 'true', { needs: ['db'], timeoutMs: 10 })], { external: ['db'] });
    const running = rig.runner.execute('start');
    clock.advance(1_000_000);
    rig.manager.register('db');
    rig.manager.complete('db');
    expect((await running)[0]?.outcome).toBe('succeeded');
  });
});

describe('what a run leaves on disk', () => {
  it('is closed to other users, and never contains a name', async () => {
    await using rig = new Rig();
    const name = '../../Etc/passwd %2e "x"';
    const [report] = await rig.start(
      script('a', 'true', { displayName: name }),
      script('b', 'true', { displayName: name.toUpperCase() }),
    );
    const log = report?.logPath ?? '';
    expect(log).toMatch(/\/state\/logs\/etc-passwd-2e-x-[0-9a-f]{16}\/[0-9TZ]+-[0-9a-f]{8}-\d{6}\.log$/);
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(statSync(join(log, '..')).mode & 0o777).toBe(0o700);
    expect(new Set(rig.reports.map(({ logPath }) => join(logPath ?? '', '..'))).size).toBe(2);
    expect(readFileSync(join(log, '../latest'), 'utf8')).toBe('');
  });
});
