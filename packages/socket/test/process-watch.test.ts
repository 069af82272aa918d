import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { identifyProcess, type ProcessTable } from '../src/server/coordination/process-identity.ts';
import { ProcessWatch } from '../src/server/coordination/process-watch.ts';
import { FakeProcesses } from './support/fake-processes.ts';
import { Child } from './support/processes.ts';

const STAT = `7 (a) Z (b) S 1 7 7 0 -1 4194560 ${'0 '.repeat(12)}98765 0`;

function failure(code: string): () => never {
  return () => {
    throw Object.assign(new Error(code), { code });
  };
}

function table(parts: Partial<ProcessTable>): ProcessTable {
  return { signal: () => {}, readStat: () => STAT, ...parts };
}

test('a process is told by its start time, whatever its name holds', () => {
  expect(identifyProcess(7, table({}))).toEqual({ pid: 7, startTime: '98765' });
});

test('a process of somebody else is a process', () => {
  expect(identifyProcess(7, table({ signal: failure('EPERM') }))).toEqual({ pid: 7, startTime: '98765' });
});

test('a pid that nobody has, and a zombie, are no process', () => {
  expect(identifyProcess(7, table({ signal: failure('ESRCH') }))).toBeNull();
  expect(identifyProcess(7, table({ readStat: () => STAT.replace(') S', ') Z') }))).toBeNull();
});

test('without a /proc that can be read a process has no start time', () => {
  expect(identifyProcess(7, table({ readStat: failure('EMFILE') }))).toEqual({ pid: 7, startTime: null });
});

test('a start time that can not be read for a moment does not end a process', () => {
  const processes = new FakeProcesses();
  processes.begin(7, '1');
  let hasEnded = false;
  processes.watch.watch({ pid: 7, startTime: '1' }, () => {
    hasEnded = true;
  });
  processes.begin(7, null);
  processes.look();
  expect(hasEnded).toBe(false);
  processes.begin(7, '2');
  processes.look();
  expect(hasEnded).toBe(true);
});

test('a real child is there until it is killed, and its end is told', async () => {
  using watch = new ProcessWatch();
  await using child = new Child(process.execPath, ['-e', 'console.log("up"); process.stdin.resume()']);
  await child.line();
  const { pid = 0 } = child.process;
  const found = watch.find(pid);
  expect(found).toEqual({ pid, startTime: existsSync('/proc/self/stat') ? expect.stringMatching(/^\d+$/) : null });
  const { promise, resolve } = Promise.withResolvers<void>();
  if (found !== null) watch.watch(found, resolve);
  child.process.kill('SIGKILL');
  await promise;
  await child.exited;
  expect(watch.find(pid)).toBeNull();
});

test('an end that has come before is told at once, and a watch that was stopped tells nothing', () => {
  const processes = new FakeProcesses();
  let told = 0;
  const tell = (): void => {
    told += 1;
  };
  processes.watch.watch({ pid: 7, startTime: '1' }, tell);
  expect(told).toBe(1);
  processes.begin(7, '1');
  processes.watch.watch({ pid: 7, startTime: '1' }, tell)[Symbol.dispose]();
  expect(processes.isLooking).toBe(false);
  processes.watch.watch({ pid: 7, startTime: '1' }, tell);
  processes.watch[Symbol.dispose]();
  processes.watch[Symbol.dispose]();
  processes.end(7);
  processes.look();
  expect(told).toBe(1);
});
