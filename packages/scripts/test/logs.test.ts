import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogLine } from '@muster/scripts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, MAX_LINE_BYTES } from '../src/line-splitter.ts';
import { lineOf } from './support/files.ts';
import { ManualClock } from './support/manual-clock.ts';
import { Rig, script } from './support/rig.ts';

function linesOf(chunks: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => void lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

describe('lines', () => {
  it('are the same however the bytes arrive', () => {
    const bytes = fc.array(fc.oneof(fc.constantFrom(10, 13, 0xe2, 0x82, 0xac, 0xff, 0, 97), fc.nat(255)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(60), { maxLength: 6 }), (values, cuts) => {
        const whole = Uint8Array.from(values);
        const edges = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const pieces = edges.slice(1).map((end, index) => whole.subarray(edges[index], end));
        expect(linesOf(pieces)).toEqual(linesOf([whole]));
      }),
    );
  });

  it('lose their CR, keep NUL, show bad UTF-8 as U+FFFD, and need no last line feed', () => {
    expect(linesOf([Buffer.from('a\r\n\0\n\xff€\n\nend', 'latin1')])).toEqual(['a', '\0', '\ufffd\ufffd', '', 'end']);
    expect(linesOf([Buffer.from('€\n').subarray(0, 1), Buffer.from('€\n').subarray(1)])).toEqual(['€']);
  });

  it('end with … when they are longer than 64 KiB, and the next one is whole', () => {
    const [long = '', next] = linesOf([Buffer.from(`${'x'.repeat(1_000_000)}\nnext\n`)]);
    expect([long.length, long.at(-1), next]).toEqual([MAX_LINE_BYTES + 1, '…', 'next']);
  });
});

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
    expect(rig.lines.map(({ level, text }) => [level, text])).toEqual([
      ['info', 'out'],
      ['error', 'err'],
    ]);
  });

  it('is one exact file that grows from run to run, if the script says so', async () => {
    await using rig = new Rig();
    writeFileSync(rig.path('log'), 'before\n');
    await rig.start(script('a', 'echo run $MUSTER_RUN', { logPath: rig.path('log') }));
    await rig.runner.execute('start');
    expect(readFileSync(rig.path('log'), 'utf8')).toBe('before\nrun 1\nrun 2\n');
    expect(rig.lines.map(({ text }) => text)).toEqual(['run 1', 'run 2']);
  });

  it('survives a script that locks, removes or replaces it', async () => {
    await using rig = new Rig();
    const log = rig.path('log');
    const [report] = await rig.start(
      script('a', `chmod 000 ${log}; echo one; rm ${log}; mkdir ${log}; echo two`, { logPath: log }),
    );
    await rig.runner[Symbol.asyncDispose]();
    expect(report?.outcome).toBe('succeeded');
    expect(rig.lines.map(({ text }) => text)).toEqual(['one', 'two']);
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
    const [written, go] = [rig.path('written'), rig.path('go')];
    await rig.runner.init([
      script(
        'a',
        `echo begin; head -c 50000 /dev/zero | tr '\\0' x; echo >${written}; while ! [ -e ${go} ]; do sleep 0.01; done; echo; echo end`,
      ),
    ]);
    const running = rig.runner.execute('start');
    await lineOf(written);
    clock.advance(250);
    writeFileSync(go, '');
    const [report] = await running;
    const log = rig.log(report);
    expect(log.startsWith('begin\nxxx')).toBe(true);
    expect(log.slice(5000)).toBe(`\n[muster: about 42506 bytes were cut out here]\n${'x'.repeat(2500)}\nend\n`);
    expect(rig.said.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      'the output of a run is too long; its log is cut',
    ]);
    await clock.passUntil(rig.runner[Symbol.asyncDispose]());
  });

  it('does not block a script that writes much', async () => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', 'head -c 30000000 /dev/zero; echo; echo end'));
    await rig.runner[Symbol.asyncDispose]();
    expect(report?.outcome).toBe('succeeded');
    expect(rig.lines.at(-1)?.text).toBe('end');
    expect(statSync(report?.logPath ?? '').size).toBeLessThan(17 * 1024 * 1024);
  });
});

describe('a log sink', () => {
  it('that never answers loses lines, and they are counted once', async () => {
    await using rig = new Rig({ sink: { send: () => new Promise<void>(() => undefined), flush: () => undefined } });
    await rig.runner.init([script('a', 'seq 1 20000')]);
    const [report] = await rig.runner.execute('start');
    expect(report?.outcome).toBe('succeeded');
    expect(rig.said.filter(({ level }) => level === 'warn')).toMatchObject([
      { facts: { lines: 10_000, script: 'a' }, message: expect.stringContaining('the log sink is too slow') },
    ]);
  });

  it('that fails is reported once, and fails no script', async () => {
    const send = (_: readonly LogLine[]) => Promise.reject(new Error('no'));
    await using rig = new Rig({ sink: { send, flush: () => undefined } });
    await rig.start(script('a', 'echo 1'), script('b', 'echo 2'));
    await rig.runner[Symbol.asyncDispose]();
    expect(rig.reports.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
    expect(rig.said.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });
});
