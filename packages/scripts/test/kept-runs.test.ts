import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lineOf } from './support/files.ts';
import { Rig, script } from './support/rig.ts';

describe('the runs whose logs are kept', () => {
  it('are told with what their reports say', async () => {
    await using rig = new Rig();
    await rig.start(script('a', 'echo out', { output: 'split' }));
    await rig.runner.execute('start');
    const facts = rig.reports.map(({ run, runId, startedAt, endedAt, outcome, logPath, errorLogPath }) => ({
      ...{ run, runId, startedAt, endedAt, outcome, logPath, errorLogPath },
      ...{ logRange: null, errorLogRange: null },
    }));
    expect(rig.runner.logsOf('a')).toMatchObject(facts);
    expect(facts.map(({ run }) => run)).toEqual([1, 2]);
  });

  it('are none before the first, and no script is another answer', async () => {
    await using rig = new Rig();
    await rig.runner.init([script('a', 'true')]);
    expect(rig.runner.logsOf('a')).toEqual([]);
    expect(rig.runner.logsOf('b')).toBeNull();
  });

  it('have the path of the log while one goes on, and call back when it ends', async () => {
    await using rig = new Rig();
    const [begun, go] = [rig.path('begun'), rig.path('go')];
    await rig.runner.init([script('a', `echo >${begun}; while ! [ -e ${go} ]; do sleep 0.01; done`)]);
    const running = rig.runner.execute('start');
    await lineOf(begun);
    const live = rig.runner.logsOf('a')?.[0];
    expect(live).toMatchObject({ run: 1, endedAt: null, outcome: null, logPath: expect.stringMatching(/\.log$/) });
    const path = live?.logPath;
    const heard: string[] = [];
    using _kept = live?.onEnded(() => heard.push('kept')) ?? missing();
    live?.onEnded(() => heard.push('disposed'))[Symbol.dispose]();
    writeFileSync(go, '');
    const [report] = await running;
    expect(heard).toEqual(['kept']);
    using _late = live?.onEnded(() => heard.push('late')) ?? missing();
    expect(heard).toEqual(['kept', 'late']);
    expect(live).toMatchObject({ endedAt: report?.endedAt, outcome: 'succeeded', logPath: path });
  });

  it('are forgotten when their logs are deleted', async () => {
    await using rig = new Rig({ retention: { runs: 10, totalBytes: 250_000 } });
    await rig.start(script('a', 'head -c 100000 /dev/zero'));
    for (let run = 2; run <= 4; run++) await rig.runner.execute('start');
    expect(rig.runner.logsOf('a')?.map(({ run }) => run)).toEqual([3, 4]);
  });

  it('are never more than retention keeps', async () => {
    await using rig = new Rig({ retention: { runs: 0 } });
    await rig.start(script('a', 'true'));
    for (let run = 2; run <= 3; run++) await rig.runner.execute('start');
    expect(rig.runner.logsOf('a')?.map(({ run }) => run)).toEqual([3]);
  });

  it('do not have those that never started, and no log where none was opened', async () => {
    await using rig = new Rig();
    await rig.start(script('bad', 'true', { logPath: '/nowhere/log' }), script('next', 'true', { needs: ['bad'] }));
    expect(rig.runner.logsOf('bad')).toMatchObject([{ run: 1, outcome: 'failed', logPath: null }]);
    expect(rig.runner.logsOf('next')).toEqual([]);
  });

  it('have their part of a file that all runs write to', async () => {
    await using rig = new Rig();
    const log = rig.path('log');
    writeFileSync(log, 'before\n');
    await rig.start(script('a', 'echo run $MUSTER_RUN; echo bad >&2', { logPath: log, output: 'split' }));
    await rig.runner.execute('start');
    expect(rig.runner.logsOf('a')).toMatchObject([
      { run: 1, logPath: log, logRange: { from: 7, to: 13 }, errorLogRange: { from: 0, to: 4 } },
      { run: 2, logPath: log, logRange: { from: 13, to: null }, errorLogRange: { from: 4, to: null } },
    ]);
  });
});

function missing(): never {
  throw new Error('the run is not kept');
}
