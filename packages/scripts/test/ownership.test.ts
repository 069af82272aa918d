import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lineOf } from './support/files.ts';
import { Rig, script } from './support/rig.ts';

describe('the unit of a script', () => {
  it('is reported by its present run alone, which proves itself with a token', async () => {
    await using rig = new Rig();
    const [token, gate] = [rig.path('token'), rig.path('gate')];
    const running = rig.start(
      script('build', `mkfifo ${gate}; echo "$MUSTER_TOKEN" >${token}; cat ${gate}`),
      script('other', 'true'),
    );
    const secret = await lineOf(token);
    const { ownership } = rig.runner;
    expect(secret).toMatch(/^[0-9a-f]{32}$/);
    expect([ownership.isOwned('build'), ownership.isOwned('phase')]).toEqual([true, false]);
    expect(ownership.accepts('build', secret)).toBe(true);
    expect(ownership.accepts('other', secret)).toBe(false);
    expect(ownership.accepts('build', `${secret.slice(1)}0`)).toBe(false);
    writeFileSync(gate, '');
    await running;
    expect(ownership.accepts('build', secret)).toBe(false);
  });

  it('says that its script reports it', async () => {
    await using rig = new Rig();
    await rig.start(script('build', 'true'));
    expect(rig.manager.find('build')).toMatchObject({ owner: 'its script' });
  });

  it('gets a note when its script goes wrong after it was completed early', async () => {
    await using rig = new Rig();
    const [started, gate] = [rig.path('started'), rig.path('gate')];
    const running = rig.start(script('serve', `mkfifo ${gate}; echo >${started}; cat ${gate}; exit 3`));
    await lineOf(started);
    rig.manager.complete('serve');
    writeFileSync(gate, '');
    const [report] = await running;
    expect(report).toMatchObject({ outcome: 'failed', exitCode: 3 });
    expect(rig.manager.find('serve')).toMatchObject({
      outcome: 'succeeded',
      note: 'the script failed with exit code 3 after its unit had been completed',
    });
  });

  it('gets no note when its script ends as it has reported before', async () => {
    await using rig = new Rig();
    const [started, gate] = [rig.path('started'), rig.path('gate')];
    const running = rig.start(script('serve', `mkfifo ${gate}; echo >${started}; cat ${gate}; exit 3`));
    await lineOf(started);
    rig.manager.complete('serve', { outcome: 'failed', exitCode: 3 });
    writeFileSync(gate, '');
    await running;
    expect(rig.manager.find('serve')).toMatchObject({ outcome: 'failed', note: null });
  });

  it('will run while one of its triggers is still to come', async () => {
    await using rig = new Rig();
    await rig.runner.init([
      script('install', 'true'),
      script('backup', 'true', { triggers: ['cron'], cron: '@yearly' }),
      script('goodbye', 'true', { triggers: ['stop'] }),
    ]);
    const { ownership } = rig.runner;
    const willRun = () => ['install', 'backup', 'goodbye', 'phase'].map((unit) => ownership.willRun(unit));
    expect(willRun()).toEqual([true, true, false, false]);
    await rig.runner.execute('start');
    expect(willRun()).toEqual([false, true, false, false]);
    rig.runner.startSchedule();
    await rig.runner.stopSchedule();
    expect(willRun()).toEqual([false, false, false, false]);
  });
});
