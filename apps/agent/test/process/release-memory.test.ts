import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Runs a program in a Node of its own, with {@link RIG} before it. @returns its lines. */
function lines(program: string, ...options: string[]): string[] {
  const module = new URL('../../src/process/release-memory.ts', import.meta.url).href;
  const args = [...options, '--conditions=@muster/source', '--input-type=module', '-e', RIG + program, module];
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return execFileSync(process.execPath, args, { encoding: 'utf8', env }).trim().split('\n');
}

/** The timers are let go by hand: `later` holds what waits, and for how long. */
const RIG = `
  import vm from 'node:vm';
  const later = new Map();
  globalThis.setTimeout = (callback, ms) => {
    const timer = { unref: () => timer };
    later.set(timer, { callback, ms });
    return timer;
  };
  globalThis.clearTimeout = (timer) => later.delete(timer);
  function fire() {
    const due = [...later.values()];
    later.clear();
    for (const { callback } of due) callback();
    return due.map(({ ms }) => ms);
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const log = { debug: (facts) => { throw facts.err; } };
`;

/** What is left of garbage, and when it was collected, where the start ends as `started` does. */
function forgetting(started: string): unknown {
  const [told] = lines(`
    const { releaseMemoryAfter } = await import(process.argv[1]);
    const forgotten = new WeakRef({ some: 'garbage' });
    // What a WeakRef has given out lives until the end of the turn.
    await turn();
    releaseMemoryAfter(${started}, log);
    await turn();
    const waited = fire();
    console.log(JSON.stringify({ forgotten: forgotten.deref() ?? null, waited, gc: typeof globalThis.gc }));
  `);
  return JSON.parse(told ?? '');
}

test('garbage is collected a moment after the start, and nobody else gets hold of the collector', () => {
  expect(forgetting('Promise.resolve()')).toEqual({ forgotten: null, waited: [1000], gc: 'undefined' });
});

test('after ten seconds where a start script goes on for ever', () => {
  expect(forgetting('new Promise(() => undefined)')).toEqual({ forgotten: null, waited: [10_000], gc: 'undefined' });
});

test('nobody gets hold of the collector where it fails', () => {
  const [said] = lines(`
    import { syncBuiltinESMExports } from 'node:module';
    const { runInNewContext } = vm;
    vm.runInNewContext = () => { throw new Error('no context'); };
    syncBuiltinESMExports();
    const { releaseMemoryAfter } = await import(process.argv[1]);
    let said;
    releaseMemoryAfter(Promise.resolve(), { debug: (facts) => { said = facts.err.message; } });
    await turn();
    fire();
    console.log(JSON.stringify({ said, gc: runInNewContext('typeof gc') }));
  `);
  expect(JSON.parse(said ?? '')).toEqual({ said: 'no context', gc: 'undefined' });
});

test('V8 optimizes what is used often from then on, and nothing before', () => {
  const told = lines(
    `
    const { optimizeNothingYet, releaseMemoryAfter } = await import(process.argv[1]);
    optimizeNothingYet();
    function work(count) { let sum = 0; for (let i = 0; i < count; i += 1) sum += i % 7; return sum; }
    for (let i = 0; i < 20_000; i += 1) work(100);
    releaseMemoryAfter(Promise.resolve(), log);
    await turn();
    console.log('released');
    fire();
    for (let i = 0; i < 20_000; i += 1) work(100);
    `,
    '--trace-opt',
  );
  const released = told.indexOf('released');
  const optimizedIn = (part: readonly string[]) => part.some((line) => /^\[compiling .*JSFunction work /.test(line));
  expect([optimizedIn(told.slice(0, released)), optimizedIn(told.slice(released))]).toEqual([false, true]);
});
