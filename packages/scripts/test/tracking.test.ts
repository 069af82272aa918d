import { getEventListeners } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { noUnits, ScriptError, ScriptRunner, type UnitTracker } from '@muster/scripts';
import { describe, expect, it } from 'vitest';
import { lineOf } from './support/files.ts';
import { Rig, script } from './support/rig.ts';

describe('needs and after', () => {
  it('order scripts that are declared in any order', async () => {
    await using rig = new Rig();
    const order = rig.path('order');
    await rig.start(
      script('c', `echo c >>${order}`, { needs: ['b'] }),
      script('b', `echo b >>${order}`, { after: ['a'] }),
      script('a', `echo a >>${order}`),
    );
    expect(rig.reports.map((report) => report.script)).toEqual(['a', 'b', 'c']);
  });

  it('skip what needs a failed script, and run what only comes after it', async () => {
    await using rig = new Rig();
    const reports = await rig.start(
      script('api', 'exit 1'),
      script('web', 'true', { needs: ['api'] }),
      script('e2e', 'true', { needs: ['web'] }),
      script('tidy', 'true', { after: ['e2e', 'api'] }),
    );
    expect(
      reports.map(({ script: id, outcome, reason, run }) => ({ id, outcome, reason, run })),
    ).toMatchInlineSnapshot(`
      [
        {
          "id": "api",
          "outcome": "failed",
          "reason": undefined,
          "run": 1,
        },
        {
          "id": "web",
          "outcome": "skipped",
          "reason": "needs "api", which failed with exit code 1",
          "run": 0,
        },
        {
          "id": "e2e",
          "outcome": "skipped",
          "reason": "needs "web", which was skipped: it needs "api", which failed with exit code 1",
          "run": 0,
        },
        {
          "id": "tidy",
          "outcome": "succeeded",
          "reason": undefined,
          "run": 1,
        },
      ]
    `);
    const { startedAt, endedAt, logPath } = reports[1] ?? {};
    expect([endedAt, logPath]).toEqual([startedAt, null]);
    expect(rig.runner.executed).toEqual({ succeeded: 1, failed: 1 });
  });

  it.each([
    ['needs', 'timed_out', 'skipped'],
    ['after', 'timed_out', 'succeeded'],
    ['needs', 'succeeded', 'succeeded'],
  ] as const)('%s a script that has %s: %s', async (field, first, second) => {
    await using rig = new Rig();
    const text = first === 'timed_out' ? 'sleep 600' : 'true';
    const reports = await rig.start(
      script('a', text, { timeoutMs: first === 'timed_out' ? 20 : 0 }),
      script('b', 'true', { [field]: ['a'] }),
    );
    expect(reports.map(({ outcome }) => outcome)).toEqual([first, second]);
  });

  it('wait for a unit that only somebody else reports', async () => {
    await using rig = new Rig();
    await rig.runner.init([script('a', 'true', { needs: ['db'] })], { external: ['db'] });
    expect(rig.manager.find('db')?.status).toBeNull();
    const running = rig.runner.execute('start');
    rig.manager.register('db');
    rig.manager.start('db');
    expect(rig.manager.find('a')?.status).toBe('pending');
    rig.manager.complete('db');
    expect((await running)[0]?.outcome).toBe('succeeded');
  });

  it('end as canceled when the wait is cancelled, and nothing runs', async () => {
    await using rig = new Rig();
    await rig.runner.init(
      [script('a', `touch ${rig.path('ran')}`, { needs: ['db'] }), script('b', 'true', { needs: ['a'] })],
      { external: ['db'] },
    );
    const controller = new AbortController();
    const running = rig.runner.execute('start', { signal: controller.signal });
    controller.abort();
    const reports = await running;
    expect(reports.map(({ script: id, outcome, run }) => [id, outcome, run])).toEqual([
      ['a', 'canceled', 0],
      ['b', 'canceled', 0],
    ]);
    expect(rig.manager.list().map(({ unit, outcome }) => [unit, outcome])).toEqual([
      ['a', 'canceled'],
      ['b', 'canceled'],
      ['db', null],
    ]);
    expect(rig.runner.executed).toEqual({ succeeded: 0, failed: 0 });
  });

  it('leave no listener behind on the signal', async () => {
    await using rig = new Rig();
    await rig.runner.init([script('a', 'true'), script('b', 'true', { needs: ['a'] })]);
    const { signal } = new AbortController();
    await rig.runner.execute('start', { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a tracker', () => {
  const fail = (): never => {
    throw new Error('the tracker is broken');
  };
  const broken: UnitTracker = {
    register: fail,
    addDependencies: fail,
    start: fail,
    complete: fail,
    note: fail,
    readiness: fail,
    evaluate: fail,
    watch: fail,
  };

  it('that fails at everything fails no script', async () => {
    await using rig = new Rig({}, broken);
    const reports = await rig.start(script('a', 'echo ran'), script('b', 'exit 4', { needs: ['a'] }));
    expect(reports.map(({ outcome, run }) => [outcome, run])).toEqual([
      ['succeeded', 1],
      ['failed', 1],
    ]);
    expect(rig.said.filter(({ level }) => level === 'warn').map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "cannot register the unit of a script; the script is not affected",
        "cannot register the unit of a script; the script is not affected",
        "cannot add the dependencies of the unit of a script; the script is not affected",
        "cannot start the unit of a script; the script is not affected",
        "cannot start the unit of a script; the script is not affected",
        "cannot complete the unit of a script; the script is not affected",
        "cannot complete the unit of a script; the script is not affected",
      ]
    `);
  });

  it('may be completed by somebody else in the middle of a run', async () => {
    await using rig = new Rig();
    await rig.runner.init([
      script('a', `echo >${rig.path('ready')}; while ! [ -e ${rig.path('go')} ]; do sleep 0.01; done; exit 5`),
    ]);
    const running = rig.runner.execute('start');
    await lineOf(rig.path('ready'));
    rig.manager.complete('a');
    writeFileSync(rig.path('go'), '');
    expect((await running)[0]).toMatchObject({ outcome: 'failed', exitCode: 5 });
    expect(rig.manager.find('a')?.outcome).toBe('succeeded');
  });

  it('is not needed for scripts without order', async () => {
    await using rig = new Rig({}, noUnits);
    expect((await rig.start(script('a', 'true')))[0]).toMatchObject({ outcome: 'succeeded', run: 1 });
    expect((await rig.runner.execute('start'))[0]).toMatchObject({ outcome: 'succeeded', run: 2 });
    expect(rig.said.filter(({ level }) => level !== 'debug')).toEqual([]);
  });

  it('is needed for scripts with an order, which are refused without', async () => {
    await using rig = new Rig({}, noUnits);
    const refusal = rig.start(script('a', 'true'), script('b', 'true', { needs: ['a'], after: ['a'] }));
    await expect(refusal).rejects.toThrowErrorMatchingInlineSnapshot(`
      [ScriptError: the scripts can't be run as they are. Correct them first:
      - script "b": it has needs, but this runner has no units to order scripts by. Pass a UnitManager to the runner.
      - script "b": it has after, but this runner has no units to order scripts by. Pass a UnitManager to the runner.]
    `);
  });
});

describe('a runner', () => {
  const many = Array.from({ length: 500 }, (_, index) => script(`many-${index}`, 'true'));

  it('refuses scripts that can not be run, before it has registered any', async () => {
    await using rig = new Rig();
    const refusal = rig.start(script('good', 'true'), script('bad', 'true', { needs: ['goood'] }));
    await expect(refusal).rejects.toThrowErrorMatchingInlineSnapshot(`
      [ScriptError: the scripts can't be run as they are. Correct them first:
      - script "bad": needs "goood", which is no unit here. Did you mean "good"?]
    `);
    await expect(refusal).rejects.toSatisfy((error) => error instanceof ScriptError && error.problems.length === 1);
    expect(rig.manager.list()).toEqual([]);
  });

  it('wants init first, once, and not after its end', async () => {
    await using rig = new Rig();
    await expect(rig.runner.execute('start')).rejects.toMatchObject({ code: 'not_initialized' });
    expect(() => rig.runner.startSchedule()).toThrow(ScriptError);
    await rig.runner.init([]);
    await expect(rig.runner.init([])).rejects.toMatchObject({ code: 'already_initialized' });
    await rig.runner[Symbol.asyncDispose]();
    await expect(rig.runner.execute('start')).rejects.toMatchObject({ code: 'disposed' });
    await expect(
      new ScriptRunner(noUnits, { stateDir: rig.path('state') })[Symbol.asyncDispose](),
    ).resolves.toBeUndefined();
  });

  it('cancels what runs and what waits when it is disposed, and twice is as good as once', async () => {
    await using rig = new Rig();
    await rig.runner.init(
      [script('a', `echo >${rig.path('ready')}; sleep 600`), script('b', 'true', { after: ['x'] })],
      { external: ['x'] },
    );
    const running = rig.runner.execute('start');
    await lineOf(rig.path('ready'));
    await Promise.all([rig.runner[Symbol.asyncDispose](), rig.runner[Symbol.asyncDispose]()]);
    expect((await running).map(({ outcome }) => outcome)).toEqual(['canceled', 'canceled']);
  });

  it('lets others have their turn while many scripts begin', async () => {
    const started: string[] = [];
    await using rig = new Rig({ onStarted: ({ unit }) => void started.push(String(unit)) });
    await rig.runner.init([script('first', 'true', { triggers: ['stop'] }), ...many]);
    await rig.runner.execute('stop');
    const executed = rig.runner.execute('start', { signal: AbortSignal.timeout(0) });
    await setImmediate();
    expect(started.length).toBeLessThan(many.length);
    await executed;
  });

  it('cancels all of many scripts when it is disposed while they begin', async () => {
    await using rig = new Rig();
    await rig.runner.init(many);
    const executed = rig.runner.execute('start');
    await rig.runner[Symbol.asyncDispose]();
    expect(rig.reports.map(({ outcome }) => outcome)).toEqual(many.map(() => 'canceled'));
    expect(await executed).toHaveLength(many.length);
  });

  it('is not disturbed by a listener that throws', async () => {
    await using rig = new Rig({
      onReport: () => {
        throw new Error('no');
      },
    });
    expect((await rig.start(script('a', 'true')))[0]?.outcome).toBe('succeeded');
  });
});
