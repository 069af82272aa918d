import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { identifyProcess, type ProcessTable } from '../src/server/coordination/process-identity.ts';
import { ProcessWatch } from '../src/server/coordination/process-watch.ts';
import { FakeProcesses } from './support/fake-processes.ts';
import { Child } from './support/processes.ts';
import { UnixServer } from './support/unix-server.ts';

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

const LAST_PID = '/proc/sys/kernel/ns_last_pid';

/** The kernel gives the next process the pid after this one; only root may say so. */
function canChoosePids(): boolean {
  try {
    accessSync(LAST_PID, constants.W_OK);
    return process.getuid?.() === 0;
  } catch {
    return false; // Not this kernel, or not this user.
  }
}

/** A real process with a pid that another one has just had; `null` where a third process was faster. */
async function recycle(pid: number): Promise<Child | null> {
  writeFileSync(LAST_PID, `${pid - 1}`);
  const child = new Child('sleep', ['60']);
  if (child.process.pid === pid) return child;
  await child[Symbol.asyncDispose]();
  return null;
}

/** Start times are told in hundredths of a second: what begins in the same one can't be told apart. */
async function nextTick(): Promise<void> {
  const uptime = (): number => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  const begun = uptime();
  while (uptime() < begun + 0.02) await new Promise((resolve) => setImmediate(resolve));
}

test.runIf(canChoosePids())(
  'a real process that gets the pid of one that has ended is not taken for it',
  async () => {
    await using server = await UnixServer.open();
    await using client = await server.client();
    for (let round = 1; ; round += 1) {
      const unit = `unit ${round}`;
      const owner = new Child('sleep', ['60']);
      const pid = owner.process.pid ?? 0;
      await client.call('sync.start', { unit, pid });
      await nextTick();
      owner.process.kill('SIGKILL');
      await owner.exited;
      // Well within the time between two looks of the server.
      await using heir = await recycle(pid);
      await client.call('sync.wait', { units: [unit], timeoutMs: 10_000 });
      expect(server.units.find(unit)?.completion).toMatchObject({ reason: `owner gone: process ${pid} ended` });
      if (heir !== null) break;
    }
  },
  30_000,
);

test.runIf(process.getuid?.() === 0)('a process of another user is seen, and so is its end', async () => {
  const nobody = 65_534;
  const program = `
    import { identifyProcess } from '${new URL('../src/server/coordination/process-identity.ts', import.meta.url)}';
    process.setuid(${nobody});
    console.log(JSON.stringify(identifyProcess(${process.pid})));
    console.log(JSON.stringify(identifyProcess(2 ** 22)));
  `;
  await using child = new Child(process.execPath, ['--input-type=module', '--eval', program]);
  expect(JSON.parse((await child.line()) ?? '')).toMatchObject({
    pid: process.pid,
    startTime: expect.stringMatching(/^\d+$/),
  });
  expect(await child.line()).toBe('null');
});
