import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lineOf } from './support/files.ts';
import { ManualClock } from './support/manual-clock.ts';
import { Rig, script } from './support/rig.ts';

/** A script that says its token, goes on for ever, and when it is stopped says its status and waits at a gate before it ends. */
function reporter(rig: Rig, shell: string): string {
  const [token, dying, gate] = [rig.path('token'), rig.path('dying'), rig.path('gate')];
  return [
    `mkfifo ${gate}`,
    `trap 'echo $? >${dying}; cat ${gate}' EXIT`,
    // Only bash runs an EXIT trap when a signal ends it.
    shell === 'bash' ? ':' : "trap 'exit 0' TERM",
    `echo "$MUSTER_TOKEN" >${token}`,
    // Busy, since dash may overlook a signal that comes just before it waits.
    'while :; do :; done',
  ].join('\n');
}

async function expectClosed(rig: Rig, unit: string, ending: string): Promise<void> {
  const token = await lineOf(rig.path('token'));
  await lineOf(rig.path('dying'));
  const { ownership } = rig.runner;
  expect(ownership.accepts(unit, token)).toBe(false);
  expect(ownership.endingOf(unit, token)).toBe(ending);
  expect(ownership.endingOf(unit, `${token.slice(1)}x`)).toBeNull();
  // Nobody may take it for done while it still runs.
  expect(rig.manager.find(unit)).toMatchObject({ status: 'started', outcome: null });
  writeFileSync(rig.path('gate'), '');
}

describe.each(['bash', 'dash'])('a run that is being stopped reports nothing any more, with %s:', (shell) => {
  it('when it has timed out', async () => {
    const clock = new ManualClock();
    await using rig = new Rig({ shell, clock, graceMs: 60_000 });
    const running = rig.start(
      script('build', reporter(rig, shell), { timeoutMs: 1_000 }),
      script('deploy', 'true', { needs: ['build'] }),
    );
    const token = await lineOf(rig.path('token'));
    expect(rig.runner.ownership.accepts('build', token)).toBe(true);
    expect(rig.runner.ownership.endingOf('build', token)).toBeNull();
    clock.advance(1_000);
    await expectClosed(rig, 'build', 'timed_out');
    const reports = await clock.passUntil(running);
    expect(reports.map(({ outcome }) => outcome)).toEqual(['timed_out', 'skipped']);
    expect(rig.manager.find('build')).toMatchObject({ outcome: 'timed_out', note: null });
    expect(rig.runner.ownership.endingOf('build', token)).toBeNull();
  });

  it.each(['start', 'stop'] as const)('when a %s script is cancelled', async (trigger) => {
    await using rig = new Rig({ shell, graceMs: 60_000 });
    await rig.runner.init([script('build', reporter(rig, shell), { triggers: [trigger] })]);
    const controller = new AbortController();
    const running = rig.runner.execute(trigger, { signal: controller.signal });
    await lineOf(rig.path('token'));
    controller.abort();
    await expectClosed(rig, 'build', 'canceled');
    expect((await running)[0]).toMatchObject({ outcome: 'canceled' });
    expect(rig.manager.find('build')).toMatchObject({ outcome: 'canceled', note: null });
  });

  it('when the schedule is stopped', async () => {
    await using rig = new Rig({ shell, graceMs: 60_000 });
    await rig.runner.init([script('build', reporter(rig, shell), { triggers: ['cron'], cron: '* * * * * *' })]);
    rig.runner.startSchedule();
    await lineOf(rig.path('token'));
    const stopped = rig.runner.stopSchedule();
    await expectClosed(rig, 'build', 'canceled');
    await stopped;
    expect(rig.manager.find('build')).toMatchObject({ outcome: 'canceled', note: null });
  });
});

it('a run whose supervisor is gone has failed, whatever its script still reports', async () => {
  await using rig = new Rig({ shell: 'bash', graceMs: 60_000 });
  const supervisor = rig.path('supervisor');
  const running = rig.start(script('build', `echo $PPID >${supervisor}\n${reporter(rig, 'bash')}`));
  await lineOf(rig.path('token'));
  process.kill(Number(await lineOf(supervisor)), 'SIGKILL');
  await expectClosed(rig, 'build', 'failed');
  expect((await running)[0]).toMatchObject({ outcome: 'failed' });
});

it('a service that is up gets no note when it is cancelled, and one when it times out', async () => {
  const clock = new ManualClock();
  await using rig = new Rig({ clock });
  const controller = new AbortController();
  await rig.runner.init([
    script('serve', `echo up >${rig.path('serve')}; exec sleep 600`),
    script('slow', `echo up >${rig.path('slow')}; exec sleep 600`, { timeoutMs: 1_000 }),
  ]);
  const running = rig.runner.execute('start', { signal: controller.signal });
  for (const unit of ['serve', 'slow']) {
    await lineOf(rig.path(unit));
    rig.manager.complete(unit);
  }
  clock.advance(1_000);
  const noted = once(controller.signal, 'abort');
  using _ = rig.manager.subscribe(({ type, unit }) => {
    if (type === 'noted' && unit === 'slow') controller.abort();
  });
  await clock.passUntil(noted);
  const reports = await clock.passUntil(running);
  expect(reports.map(({ outcome }) => outcome)).toEqual(['canceled', 'timed_out']);
  expect(rig.manager.find('slow')?.note).toBe('the script timed out by SIGTERM after its unit had been completed');
  expect(rig.manager.find('serve')).toMatchObject({ outcome: 'succeeded', note: null });
});
