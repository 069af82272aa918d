import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isAlive, lineOf } from './support/files.ts';
import { ManualClock } from './support/manual-clock.ts';
import { Rig, script } from './support/rig.ts';
import { shells, until } from './support/shells.ts';

/** The directories of the runs of a script. */
function runDirectories(rig: Rig, id: string): string[] {
  const runs = rig.path(`state/runs`);
  const own = readdirSync(runs).filter((name) => name.startsWith(`${id}-`));
  return own.flatMap((name) => readdirSync(`${runs}/${name}`).map((run) => `${runs}/${name}/${run}`));
}

describe('the shells that watch scripts, when they are killed or stand still,', () => {
  it('can be killed while they wait: the next run gets another', async () => {
    await using rig = new Rig();
    const [first] = await rig.start(script('a', 'echo $PPID'), script('b', 'echo $PPID', { triggers: ['stop'] }));
    const shell = Number(rig.log(first));
    process.kill(shell, 'SIGKILL');
    const [second] = await rig.runner.execute('stop');
    expect(second).toMatchObject({ outcome: 'succeeded' });
    expect(rig.log(second)).not.toBe(rig.log(first));
  });

  it('can be killed by their script: its end is not known, it is stopped, and the next one runs', async () => {
    await using rig = new Rig({ concurrency: 1 });
    const [killer, next] = await rig.start(
      script('a', `echo $$ >'${rig.path('pid')}'; kill -KILL $PPID; exec sleep 600`),
      script('b', 'true', { after: ['a'] }),
    );
    expect(killer).toMatchObject({ outcome: 'failed', exitCode: null, signal: null });
    expect(isAlive(Number(await lineOf(rig.path('pid'))))).toBe(false);
    expect(next?.outcome).toBe('succeeded');
  });

  it('are gone when the runner is disposed, even those that stand still', async () => {
    await using rig = new Rig({ graceMs: 50 });
    await rig.start(script('a', 'true'), script('b', 'true'));
    for (const shell of shells()) process.kill(shell, 'SIGSTOP');
    await rig.runner[Symbol.asyncDispose]();
    await until(() => shells().length === 0);
  });

  it('have no other run when a script has left processes behind, which might end them', async () => {
    await using rig = new Rig();
    const [gate, done] = [rig.path('gate'), rig.path('done')];
    execFileSync('mkfifo', [gate, done]);
    const [first] = await rig.start(
      script('a', `echo $PPID; (read x <'${gate}'; kill -KILL $PPID; echo x >'${done}') & exit 0`),
      script('b', `echo $PPID; echo x >'${gate}'; read x <'${done}'`, { triggers: ['stop'] }),
    );
    const [second] = await rig.runner.execute('stop');
    expect(second).toMatchObject({ outcome: 'succeeded' });
    expect(rig.log(second)).not.toBe(rig.log(first));
  });

  it('start no script twice that takes its claim away and kills them', async () => {
    await using rig = new Rig();
    const text = `echo $$ >>'${rig.path('ran')}'; rm "$(dirname "$0")/claim"; kill -KILL $PPID; exec sleep 600`;
    const [report] = await rig.start(script('a', text, { timeoutMs: 10_000 }));
    expect(report).toMatchObject({ outcome: 'failed', exitCode: null, signal: null });
    const pids = readFileSync(rig.path('ran'), 'utf8').trim().split('\n');
    expect(pids).toHaveLength(1);
    expect(isAlive(Number(pids[0]))).toBe(false);
  });

  it.each(['timed_out', 'canceled'] as const)(
    'do not start a run that has %s while they stood still, and neither does another',
    async (outcome) => {
      const clock = new ManualClock();
      await using rig = new Rig({ clock });
      const late = script('b', `echo ran >'${rig.path('ran')}'`, { triggers: ['stop'], timeoutMs: 5_000 });
      await rig.start(script('a', 'true'), late);
      for (const shell of shells()) process.kill(shell, 'SIGSTOP');
      const controller = new AbortController();
      const running = rig.runner.execute('stop', { signal: controller.signal });
      await until(() => runDirectories(rig, 'b').some((run) => existsSync(`${run}/run.json`)));
      if (outcome === 'canceled') controller.abort();
      else clock.advance(5_000);
      const [report] = await clock.passUntil(running);
      expect(report).toMatchObject({ outcome, exitCode: null });
      expect(existsSync(rig.path('ran'))).toBe(false);
    },
    20_000,
  );

  it('do not leave a script that they start only after it was cancelled, without any grace', async () => {
    const clock = new ManualClock();
    await using rig = new Rig({ clock, graceMs: 0 });
    const late = script('b', 'exec sleep 600', { triggers: ['stop'] });
    await rig.start(script('a', 'true'), late);
    const [shell = 0] = shells();
    process.kill(shell, 'SIGSTOP');
    const controller = new AbortController();
    const running = rig.runner.execute('stop', { signal: controller.signal });
    await until(() => runDirectories(rig, 'b').some((run) => existsSync(`${run}/run.json`)));
    controller.abort();
    await setImmediate();
    clock.advance(0);
    await setImmediate();
    process.kill(shell, 'SIGCONT');
    const [pid] = (await lineOf(`${runDirectories(rig, 'b')[0]}/pid`)).split(' ');
    const [report] = await clock.passUntil(running);
    expect(report).toMatchObject({ outcome: 'canceled' });
    expect(isAlive(Number(pid))).toBe(false);
  });
});
