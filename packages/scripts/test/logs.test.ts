import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { lineOf } from './support/files.ts';
import { ManualClock } from './support/manual-clock.ts';
import { Rig, script } from './support/rig.ts';

describe('the log of a run', () => {
  it('has stdout and stderr in the order in which they were written', async () => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', 'for n in 1 2 3; do echo out $n; echo err $n >&2; done'));
    expect(rig.log(report)).toBe('out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n');
  });

  it('keeps stderr apart where the output is split', async () => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', 'echo out; echo err >&2', { output: 'split' }));
    await rig.runner[Symbol.asyncDispose]();
    expect(rig.log(report)).toBe('out\n');
    expect(report?.errorLogPath).toBe(report?.logPath?.replace(/\.log$/, '.err.log'));
    expect(readFileSync(report?.errorLogPath ?? '', 'utf8')).toBe('err\n');
    expect(rig.batches.map(({ level, text }) => [level, text])).toEqual([
      ['info', 'out\n'],
      ['error', 'err\n'],
    ]);
  });

  it('is one exact file that grows from run to run, if the script says so', async () => {
    await using rig = new Rig();
    writeFileSync(rig.path('log'), 'before\n');
    await rig.start(script('a', 'echo run $MUSTER_RUN', { logPath: rig.path('log') }));
    await rig.runner.execute('start');
    expect(readFileSync(rig.path('log'), 'utf8')).toBe('before\nrun 1\nrun 2\n');
    expect(rig.lines).toEqual(['run 1', 'run 2']);
  });

  it('survives a script that locks, removes or replaces it', async () => {
    await using rig = new Rig();
    const log = rig.path('log');
    const [report] = await rig.start(
      script('a', `chmod 000 ${log}; echo one; rm ${log}; mkdir ${log}; echo two`, { logPath: log }),
    );
    await rig.runner[Symbol.asyncDispose]();
    expect(report?.outcome).toBe('succeeded');
    expect(rig.lines).toEqual(['one', 'two']);
  });

  it('is kept for the last runs only, with a link to the latest', async () => {
    await using rig = new Rig({ retention: { runs: 3 } });
    await rig.start(script('a', 'echo run $MUSTER_RUN'));
    for (let run = 2; run <= 5; run++) await rig.runner.execute('start');
    const directory = dirname(rig.reports[0]?.logPath ?? '');
    const kept = rig.reports.slice(-3).map(({ runId }) => `${runId}.log`);
    expect(readdirSync(directory).sort()).toEqual([...kept, 'latest']);
    expect(readlinkSync(`${directory}/latest`)).toBe(kept.at(-1));
    expect(readdirSync(directory.replace('/logs/', '/runs/')).sort()).toEqual(
      rig.reports.slice(-3).map(({ runId }) => runId),
    );
  });

  it('is deleted earlier where the logs are large together', async () => {
    await using rig = new Rig({ retention: { totalBytes: 250_000 } });
    await rig.start(script('a', 'head -c 100000 /dev/zero'));
    for (let run = 2; run <= 4; run++) await rig.runner.execute('start');
    expect(rig.reports.map(({ logPath }) => existsSync(logPath ?? ''))).toEqual([false, false, true, true]);
  });

  it('is cut in the middle when it grows beyond its cap, while the script goes on', async () => {
    const clock = new ManualClock();
    await using rig = new Rig({ clock, retention: { bytesPerRun: 10_000 } });
    const [written, go, path] = [rig.path('written'), rig.path('go'), rig.path('log')];
    const text = `echo begin; head -c 50000 /dev/zero | tr '\\0' x; echo >${written}; while ! [ -e ${go} ]; do sleep 0.01; done; echo; echo end`;
    await rig.runner.init([script('a', text, { logPath: path })]);
    const running = rig.runner.execute('start');
    await lineOf(written);
    clock.advance(250);
    while (statSync(path).size > 10_000) await setImmediate();
    writeFileSync(go, '');
    const [report] = await running;
    const log = rig.log(report);
    expect(log.startsWith('begin\nxxx')).toBe(true);
    expect(log.slice(5000)).toBe(`\n[muster: about 42506 bytes were cut out here]\n${'x'.repeat(2500)}\nend\n`);
    expect(rig.said.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      'the output of a run is too long; its log is cut',
      'a part of the output was not passed on, because it was cut out of the log before it was read',
    ]);
    await clock.passUntil(rig.runner[Symbol.asyncDispose]());
  });

  it('does not block a script that writes much', async () => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', 'head -c 30000000 /dev/zero; echo; echo end'));
    await rig.runner[Symbol.asyncDispose]();
    expect(report?.outcome).toBe('succeeded');
    expect(rig.lines.at(-1)).toBe('end');
    expect(statSync(report?.logPath ?? '').size).toBeLessThan(17 * 1024 * 1024);
  });
});
