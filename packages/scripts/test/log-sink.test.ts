import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type LogBatch, type LogSink, linesOf } from '@muster/scripts';
import { describe, expect, it } from 'vitest';
import { LogFeed, MAX_ENDED_TAILS } from '../src/log/log-feed.ts';
import { LogFile } from '../src/log/log-file.ts';
import { LogTail } from '../src/log/log-tail.ts';
import { lineOf, openFilesBelow } from './support/files.ts';
import { ManualClock } from './support/manual-clock.ts';
import { Rig, script } from './support/rig.ts';

/** Takes a batch, and the next one only when it is told to. */
class HandSink implements LogSink {
  readonly batches: LogBatch[] = [];
  #answer: () => void = () => undefined;

  send(batch: LogBatch): Promise<void> {
    this.batches.push(batch);
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  flush(): void {}

  get text(): string {
    return this.batches.map(({ text }) => text).join('');
  }

  /** Takes all that comes until the promise settles. */
  async takeUntil(promise: Promise<unknown>): Promise<void> {
    let settled = false;
    void promise.finally(() => {
      settled = true;
    });
    while (!settled) {
      this.#answer();
      await setImmediate();
    }
  }
}

function numbers(last: number): string {
  return Array.from({ length: last }, (_, index) => `${index + 1}\n`).join('');
}

/** Shell that waits for a file. */
function untilThere(path: string | undefined): string {
  return `while ! [ -e ${path} ]; do sleep 0.01; done`;
}

function warnings(rig: Rig) {
  return rig.said.filter(({ level }) => level === 'warn');
}

/** Waits for a file to become smaller than that. */
async function untilSmaller(path: string, bytes: number): Promise<void> {
  while (statSync(path).size >= bytes) await setImmediate();
}

describe('a log sink', () => {
  it('gets a million lines, in order', async () => {
    let next = 1;
    const send = (batch: LogBatch) => {
      for (const line of linesOf(batch)) if (line === String(next)) next += 1;
    };
    await using rig = new Rig({ sink: { send, flush: () => undefined } });
    await rig.start(script('a', 'seq 1 1000000'));
    await rig.runner[Symbol.asyncDispose]();
    expect(next).toBe(1_000_001);
    expect(warnings(rig)).toEqual([]);
  });

  it('that takes everything at once does not keep others from their turn', async () => {
    let [inOneTurn, most, isOver] = [0, 0, false];
    const send = () => {
      inOneTurn += 1;
      most = Math.max(most, inOneTurn);
    };
    await using rig = new Rig({ sink: { send, flush: () => undefined } });
    const running = rig.start(script('a', 'seq 1 1000000')).then(() => rig.runner[Symbol.asyncDispose]());
    void running.then(() => {
      isOver = true;
    });
    while (!isOver) {
      await setImmediate();
      inOneTurn = 0;
    }
    expect(most).toBeLessThanOrEqual(16);
  });

  it('that is slower than the script gets everything, while the run is over and nothing is read ahead', async () => {
    const sink = new HandSink();
    await using rig = new Rig({ sink, clock: new ManualClock() });
    const reports = await rig.start(script('a', 'seq 1 100000'), script('b', 'seq 1 100000'));
    expect(reports.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
    expect(rig.manager.find('a')?.status).toBe('completed');
    expect(sink.batches).toHaveLength(1);
    await sink.takeUntil(rig.runner[Symbol.asyncDispose]());
    for (const unit of ['a', 'b']) {
      const batches = sink.batches.filter((batch) => batch.unit === unit);
      expect(batches.map(({ text }) => text).join('')).toBe(numbers(100_000));
      expect(Math.max(...batches.map(({ text }) => text.length))).toBeLessThanOrEqual(65_537);
    }
    expect(warnings(rig)).toEqual([]);
  });

  it('gets lines while the script runs, a tenth of a second after they were written', async () => {
    const clock = new ManualClock();
    await using rig = new Rig({ clock });
    const [go, wrote, end] = [rig.path('go'), rig.path('wrote'), rig.path('end')];
    await rig.runner.init([
      script('a', `${untilThere(go)}; echo 1; printf 2; echo >${wrote}; ${untilThere(end)}; echo 3`),
    ]);
    const running = rig.runner.execute('start');
    for (let silence = 0; silence < 2000; silence += 50) await clock.step(50);
    writeFileSync(go, '');
    await lineOf(wrote);
    expect(rig.lines).toEqual([]);
    const written = clock.now();
    clock.advance(100);
    expect(rig.batches).toMatchObject([{ text: '1\n' }]);
    expect(rig.batches[0]?.at).toBeGreaterThan(written);
    writeFileSync(end, '');
    await running;
    await clock.passUntil(rig.runner[Symbol.asyncDispose]());
    expect(rig.lines).toEqual(['1', '23']);
  });

  it('that keeps up misses nothing, although the log is far beyond its cap when the script ends', async () => {
    await using rig = new Rig({ retention: { bytesPerRun: 10_000 } });
    const [report] = await rig.start(script('a', 'seq 1 100000'));
    await rig.runner[Symbol.asyncDispose]();
    expect(rig.batches.map(({ text }) => text).join('')).toBe(numbers(100_000));
    expect(rig.log(report).length).toBeLessThan(10_000);
    expect(rig.log(report)).toMatch(/^1\n.*\[muster: about \d+ bytes were cut out here\]\n.*\n100000\n$/s);
  });

  it('that lags behind a log that is cut is told what it misses, to the byte', async () => {
    const [clock, sink] = [new ManualClock(), new HandSink()];
    await using rig = new Rig({ clock, sink, retention: { bytesPerRun: 10_000 } });
    const [log, begun, go, written, end] = ['log', 'begun', 'go', 'written', 'end'].map((name) => rig.path(name));
    const text = `echo begin; echo >${begun}; ${untilThere(go)}; seq 100000001 100005000; echo >${written}; ${untilThere(end)}; echo end`;
    await rig.runner.init([script('a', text, { logPath: log ?? '' })]);
    const running = rig.runner.execute('start');
    await lineOf(begun ?? '');
    clock.advance(10);
    expect(sink.text).toBe('begin\n');
    writeFileSync(go ?? '', '');
    await lineOf(written ?? '');
    while (warnings(rig).length === 0) await clock.step(50);
    await untilSmaller(log ?? '', 10_000);
    writeFileSync(end ?? '', '');
    await running;
    await sink.takeUntil(rig.runner[Symbol.asyncDispose]());

    const all = `begin\n${Array.from({ length: 5000 }, (_, index) => `${100_000_001 + index}\n`).join('')}end\n`;
    expect(sink.batches.map((batch) => batch.skipped || batch.text)).toEqual([
      'begin\n',
      all.slice(6, 4996),
      `${all.slice(4996, 5000)}\n`,
      42_506,
      all.slice(47_506),
    ]);
    expect(warnings(rig)).toMatchObject([
      { message: 'the output of a run is too long; its log is cut' },
      { facts: { script: 'a', run: 1, path: log, bytes: 42_506 }, message: expect.stringContaining('cut out') },
    ]);
    expect(readFileSync(log ?? '', 'utf8')).toContain('[muster: about 42506 bytes were cut out here]');
  });

  it.each([
    ['whole', 1_000_000],
    ['cut', 50_000],
  ])('that lags behind gets of each run what it wrote, where they share a log that is %s', async (_, bytesPerRun) => {
    const sink = new HandSink();
    await using rig = new Rig({ sink, clock: new ManualClock(), retention: { bytesPerRun } });
    await rig.start(script('a', 'seq 1 20000', { logPath: rig.path('log') }));
    await rig.runner.execute('start');
    await sink.takeUntil(rig.runner[Symbol.asyncDispose]());
    const [first, second] = [1, 2].map((run) => sink.batches.filter((batch) => batch.run === run));
    const all = numbers(20_000);
    const total = (batches: readonly LogBatch[] = []) =>
      batches.reduce((sum, { text, skipped }) => sum + text.length + skipped, 0);
    expect(total(first)).toBe(all.length);
    const text = second?.map((batch) => batch.text).join('') ?? '';
    if (bytesPerRun > all.length) expect(text).toBe(all);
    else expect(text).toBe(`${all.slice(0, 25_000)}\n${all.slice(-12_500)}`);
  });

  it('that never answers keeps nobody from ending, and what it has not taken is told once', async () => {
    const [clock, sink] = [new ManualClock(), new HandSink()];
    await using rig = new Rig({ clock, sink, graceMs: 300 });
    const [report] = await rig.start(script('a', 'seq 1 20000'));
    expect(report?.outcome).toBe('succeeded');
    await clock.passUntil(rig.runner[Symbol.asyncDispose]());
    expect(clock.monotonic()).toBeLessThan(600);
    expect(sink.batches).toHaveLength(1);
    expect(warnings(rig)).toMatchObject([
      { facts: { bytes: numbers(20_000).length - sink.text.length }, message: expect.stringContaining('too slow') },
    ]);
    if (existsSync('/proc/self/fd')) expect(openFilesBelow(rig.directory)).toEqual([]);
  });

  it('that fails is reported once, and fails no script', async () => {
    const send = (_: LogBatch) => Promise.reject(new Error('no'));
    await using rig = new Rig({ sink: { send, flush: () => undefined } });
    await rig.start(script('a', 'echo 1'), script('b', 'echo 2'));
    await rig.runner[Symbol.asyncDispose]();
    expect(rig.reports.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
    expect(warnings(rig)).toHaveLength(1);
  });
});

describe('runs that have ended', () => {
  it('wait for a sink that lags behind up to a number; the oldest beyond it is given up and told', async () => {
    await using rig = new Rig();
    const [sink, clock, said] = [new HandSink(), new ManualClock(), [] as object[]];
    const warn = (facts: object) => void said.push(facts);
    const logger = { debug: warn, info: warn, warn, error: warn };
    const feed = new LogFeed({ sink, logger, clock, maxEnded: 1000 });
    mkdirSync(rig.path('logs'));
    for (let run = 1; run <= MAX_ENDED_TAILS + 2; run++) {
      const file = new LogFile(rig.path(`logs/${run}`));
      const tail = new LogTail(file, { script: 'a', unit: 'a', run, runId: String(run), level: 'info' });
      feed.follow(tail);
      writeSync(file.fd, `run ${run}\n`);
      feed.end(tail, Promise.resolve());
    }
    // The first has been handed over, so that nothing of it is missing.
    expect(said).toMatchObject([{ run: 2, bytes: 6 }]);
    await sink.takeUntil(feed.flush());
    const passedOn = sink.batches.map(({ run }) => run);
    expect(passedOn).toEqual([1, ...Array.from({ length: MAX_ENDED_TAILS }, (_, index) => index + 3)]);
    expect([said.length, clock.pending]).toEqual([1, 0]);
    await feed[Symbol.asyncDispose]();
  });
});
