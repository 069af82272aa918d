import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { renderMetrics } from '@muster/scripts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lineOf } from './support/files.ts';
import { ManualClock } from './support/manual-clock.ts';
import { Rig, script } from './support/rig.ts';

/** Only what croner uses: processes go on in real time. */
function at(time: string): void {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: new Date(time) });
}

afterEach(() => void vi.useRealTimers());

/** Resolves when so many runs have ended and croner knows it. */
async function ended(rig: Rig, runs: number): Promise<void> {
  if (rig.reports.length < runs) await rig.report();
  await setImmediate();
}

/** The wall times at which a daily life of one script begins, between two moments. */
async function dueTimes(cron: string, timezone: string, [from, to]: [string, string]): Promise<string[]> {
  at(from);
  await using rig = new Rig({ clock: new ManualClock() });
  const due: string[] = [];
  const end = new Date(to).getTime();
  rig.manager.subscribe(({ type }) => type === 'started' && due.push(new Date().toISOString().slice(5, 16)));
  await rig.runner.init([script('c', 'true', { triggers: ['cron'], cron, timezone })]);
  rig.runner.startSchedule();
  while (Date.now() < end) {
    const before = due.length;
    await vi.advanceTimersByTimeAsync(60_000);
    if (due.length > before) await ended(rig, due.length);
  }
  await rig.runner.stopSchedule();
  return due;
}

describe('a schedule', () => {
  it('repeats completed → started → completed, and counts the runs', async () => {
    at('2026-01-01T00:00:30Z');
    await using rig = new Rig({ clock: new ManualClock() });
    const seen: string[] = [];
    rig.manager.subscribe((event) => void seen.push(`${event.type} ${'run' in event ? event.run : ''}`));
    await rig.runner.init([script('c', 'true', { triggers: ['cron'], cron: '* * * * *' })]);
    rig.runner.startSchedule();
    for (const run of [1, 2]) {
      await vi.advanceTimersByTimeAsync(60_000);
      await ended(rig, run);
    }
    expect(seen).toEqual(['registered ', 'started 1', 'completed 1', 'started 2', 'completed 2']);
    await rig.runner.stopSchedule();
    expect(renderMetrics(rig.runner.executed)).toMatchInlineSnapshot(`
      "# HELP agent_scripts_executed_total Script runs that have ended.
      # TYPE agent_scripts_executed_total counter
      agent_scripts_executed_total{success="true"} 2
      agent_scripts_executed_total{success="false"} 0
      "
    `);
  });

  it('skips what is due while the last run goes on, counts it, and does not make up for it', async () => {
    at('2026-01-01T00:00:30Z');
    await using rig = new Rig({ clock: new ManualClock() });
    const [ready, go] = [rig.path('ready'), rig.path('go')];
    await rig.runner.init([
      script('c', `echo >${ready}; while ! [ -e ${go} ]; do sleep 0.01; done`, {
        triggers: ['cron'],
        cron: '* * * * *',
      }),
    ]);
    rig.runner.startSchedule();
    await vi.advanceTimersByTimeAsync(60_000);
    await lineOf(ready);
    await vi.advanceTimersByTimeAsync(120_000);
    const report = rig.report();
    writeFileSync(go, '');
    expect((await report).run).toBe(1);
    await setImmediate();
    await vi.advanceTimersByTimeAsync(29_000);
    expect([rig.runner.overruns, rig.reports.length]).toEqual([2, 1]);
  });

  it('cancels what runs when it is stopped, and can go on later', async () => {
    at('2026-01-01T00:00:30Z');
    const clock = new ManualClock();
    await using rig = new Rig({ clock });
    const ready = rig.path('ready');
    await rig.runner.init([script('c', `echo >${ready}; sleep 600`, { triggers: ['cron'], cron: '* * * * *' })]);
    rig.runner.startSchedule();
    await vi.advanceTimersByTimeAsync(60_000);
    await lineOf(ready);
    vi.useRealTimers();
    await clock.passUntil(rig.runner.stopSchedule());
    expect(rig.reports.map(({ outcome }) => outcome)).toEqual(['canceled']);
    rig.runner.startSchedule();
    rig.runner.startSchedule();
    await rig.runner.stopSchedule();
    await clock.passUntil(rig.runner[Symbol.asyncDispose]());
  });

  it('lets the process sleep until it is due, but for six looks an hour at the clock', async () => {
    at('2026-01-01T00:00:30Z');
    await using rig = new Rig({ clock: new ManualClock() });
    await rig.runner.init([script('c', 'true', { triggers: ['cron'], cron: '0 0 1 1 *' })]);
    rig.runner.startSchedule();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(timers).toHaveBeenCalledTimes(6);
    timers.mockRestore();
    await rig.runner.stopSchedule();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('runs what became due while the machine slept once, within ten minutes', async () => {
    at('2026-01-01T00:00:30Z');
    await using rig = new Rig({ clock: new ManualClock() });
    await rig.runner.init([script('c', 'true', { triggers: ['cron'], cron: '0 * * * *' })]);
    rig.runner.startSchedule();
    await vi.advanceTimersByTimeAsync(60_000);
    vi.setSystemTime('2026-01-01T03:30:00Z');
    await vi.advanceTimersByTimeAsync(600_000);
    await ended(rig, 1);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(rig.reports.length).toBe(1);
    await rig.runner.stopSchedule();
  });

  it('goes by the new time within ten minutes after the clock was set back', async () => {
    at('2026-01-01T05:59:30Z');
    await using rig = new Rig({ clock: new ManualClock() });
    await rig.runner.init([script('c', 'true', { triggers: ['cron'], cron: '0 * * * *' })]);
    rig.runner.startSchedule();
    await vi.advanceTimersByTimeAsync(60_000);
    await ended(rig, 1);
    vi.setSystemTime('2026-01-01T02:45:00Z');
    await vi.advanceTimersByTimeAsync(1_200_000);
    await ended(rig, 2);
    expect(rig.reports.length).toBe(2);
    await rig.runner.stopSchedule();
  });

  it('runs nothing twice where the clock is set back by less than the time between two runs', async () => {
    at('2026-01-01T05:59:30Z');
    await using rig = new Rig({ clock: new ManualClock() });
    await rig.runner.init([script('c', 'true', { triggers: ['cron'], cron: '0 6 * * *' })]);
    rig.runner.startSchedule();
    await vi.advanceTimersByTimeAsync(60_000);
    await ended(rig, 1);
    vi.setSystemTime('2026-01-01T05:45:00Z');
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(rig.reports.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1_800_000);
    await ended(rig, 2);
    await rig.runner.stopSchedule();
  });

  it('runs a time in the gap of spring once, after the gap', async () => {
    expect(await dueTimes('30 2 * * *', 'Europe/Berlin', ['2026-03-29T00:00:00Z', '2026-03-29T04:00:00Z'])).toEqual([
      '03-29T01:00',
    ]);
  });

  it('runs a time that comes twice in autumn once', async () => {
    expect(await dueTimes('30 2 * * *', 'Europe/Berlin', ['2026-10-24T23:00:00Z', '2026-10-25T03:00:00Z'])).toEqual([
      '10-25T00:30',
    ]);
  });

  it('runs intervals right through the repeated hour', async () => {
    const due = await dueTimes('*/30 * * * *', 'Europe/Berlin', ['2026-10-24T23:45:00Z', '2026-10-25T02:15:00Z']);
    expect(due).toEqual(['10-25T00:00', '10-25T00:30', '10-25T01:00', '10-25T01:30', '10-25T02:00']);
  });
});
