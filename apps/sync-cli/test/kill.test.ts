import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SyncClient } from '@muster/socket/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TestAgent } from './support/agent.ts';
import { BuiltMuster } from './support/built.ts';

/** In the names of the tests, so that a failure says which one it was. Another one with MUSTER_TEST_SEED. */
const SEED = Number(process.env.MUSTER_TEST_SEED ?? 20_260_102);

const TRIALS = 204;
const AT_ONCE = 6;

let muster: BuiltMuster;
let agent: TestAgent;
let directory: string;
beforeAll(async () => {
  [muster, agent] = await Promise.all([BuiltMuster.build(), TestAgent.listen()]);
  directory = mkdtempSync(join(tmpdir(), 'muster-kill-'));
});
afterAll(async () => {
  await Promise.all([muster[Symbol.asyncDispose](), agent[Symbol.asyncDispose]()]);
  rmSync(directory, { recursive: true, force: true });
});

/** Park and Miller's generator: points that can be tried again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Says which shell it is, works a little, leaves its mark as the last thing that can fail, and ends. */
const work = (mark: string, exitCode: number): string => `echo $$; sleep 0.01; : > '${mark}'; exit ${exitCode}`;

/** Runs once to the end. @returns how long that takes, in milliseconds. */
async function oneRun(unit: string): Promise<number> {
  const begun = performance.now();
  const argv = ['run', unit, '--', 'sh', '-c', work(join(directory, unit), 0)];
  await once(muster.spawn(argv, { MUSTER_SOCKET: agent.socket }), 'close');
  return performance.now() - begun;
}

interface Trial {
  readonly unit: string;
  readonly victim: 'muster' | 'command';
  /** From the start of the victim, in milliseconds. */
  readonly at: number;
  /** Of the command, if it lives. */
  readonly exitCode: number;
}

async function carryOut({ unit, victim, at, exitCode }: Trial): Promise<void> {
  const argv = ['run', unit, '--', 'sh', '-c', work(join(directory, unit), exitCode)];
  const child = muster.spawn(argv, { MUSTER_SOCKET: agent.socket });
  const closed = once(child, 'close');
  if (victim === 'muster') {
    await delay(at);
    child.kill('SIGKILL');
  } else {
    const [pid] = await once(child.stdout, 'data');
    await delay(at);
    killIfThere(Number(pid));
  }
  await closed;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had ended by itself, which is one of the points to try.
  }
}

test(`a run that is killed at any of ${TRIALS} points leaves no unit started, and none succeeded that did not (seed ${SEED})`, async () => {
  const random = randomFrom(SEED);
  const whole = Math.max(await oneRun('first'), await oneRun('second'));
  const trials = Array.from({ length: TRIALS }, (_, index): Trial => {
    const victim = index % 2 === 0 ? 'muster' : 'command';
    const at = random() * (victim === 'muster' ? whole * 1.5 : 40);
    return { unit: `unit-${index}`, victim, at, exitCode: index % 3 === 0 ? 3 : 0 };
  });
  const waiting = trials.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const trial of waiting) await carryOut(trial);
    }),
  );
  for (const trial of trials) {
    const { unit, exitCode } = trial;
    await vi.waitFor(() => expect(agent.units.find(unit)?.status, JSON.stringify(trial)).not.toBe('started'));
    if (agent.units.find(unit)?.outcome !== 'succeeded') continue;
    expect({ trial, exitCode, worked: existsSync(join(directory, unit)) }).toEqual({
      trial,
      exitCode: 0,
      worked: true,
    });
  }
  const outcomes = Map.groupBy(trials, ({ unit }) => agent.units.find(unit)?.outcome ?? agent.units.find(unit)?.status);
  // Otherwise the points were not spread over the whole of a run.
  expect([...outcomes.keys()].sort()).toEqual(expect.arrayContaining(['failed', 'succeeded', undefined]));
}, 60_000);

const WAITING_TRIALS = 60;

test(`of ${WAITING_TRIALS} runs that are killed before or while they wait, none starts its unit for nobody (seed ${SEED})`, async () => {
  const random = randomFrom(SEED);
  const spread = await oneRun('third');
  await using client = await SyncClient.connect({ path: agent.socket });
  const waits = async (unit: string): Promise<boolean> =>
    (await client.call('sync.waits', {})).waits.some(({ awaits }) => awaits.includes(unit));
  const trials = Array.from({ length: WAITING_TRIALS }, (_, index) => ({
    unit: `waiting-${index}`,
    gate: `gate-${index}`,
    // The others are killed in the moment in which their wait ends.
    isEarly: index % 2 === 0,
    at: random() * spread * 2,
  }));
  const queue = trials.values();
  const live = async (): Promise<void> => {
    for (const { unit, gate, isEarly, at } of queue) {
      agent.units.register(gate);
      const argv = ['run', unit, '--needs', gate, '--', 'sh', '-c', work(join(directory, unit), 0)];
      const child = muster.spawn(argv, { MUSTER_SOCKET: agent.socket });
      const closed = once(child, 'close');
      if (isEarly) await delay(at);
      else await vi.waitFor(async () => expect(await waits(unit)).toBe(true), { timeout: 10_000, interval: 5 });
      child.kill('SIGKILL');
      if (isEarly) await closed;
      agent.units.complete(gate);
      await closed;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, live));
  await vi.waitFor(async () => expect((await client.call('sync.waits', {})).waitsTotal).toBe(0));
  for (const { unit } of trials) {
    await vi.waitFor(() => expect(agent.units.find(unit)?.status, unit).not.toBe('started'));
    // Either nothing was started, or it was before the death was seen: then it has failed with its owner.
    expect([undefined, null, 'failed'], unit).toContain(agent.units.find(unit)?.outcome);
    expect(existsSync(join(directory, unit)), unit).toBe(false);
  }
}, 60_000);

const HOLDERS = 12;

test.each(['--pid', '--hold'])(
  `of ${HOLDERS} owners of start %s that are killed, none leaves its unit started (seed ${SEED})`,
  async (option) => {
    const random = randomFrom(SEED);
    const spread = await oneRun(`for ${option}`);
    const trials = Array.from({ length: HOLDERS }, (_, index) => ({
      unit: `owned ${option} ${index}`,
      at: random() * spread * 1.5,
      isEarly: index % 2 === 0,
    }));
    const queue = trials.values();
    const live = async (): Promise<void> => {
      for (const { unit, at, isEarly } of queue) {
        const owner = option === '--pid' ? spawn('sleep', ['60'], { stdio: 'ignore' }) : null;
        const argv = owner === null ? [option] : [option, `${owner.pid}`];
        const child = muster.spawn(['start', unit, ...argv], { MUSTER_SOCKET: agent.socket });
        const closed = once(child, 'close');
        if (isEarly) await delay(at);
        else
          await vi.waitFor(() => expect(agent.units.find(unit)?.status).toBe('started'), {
            timeout: 10_000,
            interval: 5,
          });
        (owner ?? child).kill('SIGKILL');
        await closed;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, live));
    for (const { unit, isEarly } of trials) {
      await vi.waitFor(() => expect(agent.units.find(unit)?.status, unit).not.toBe('started'), 10_000);
      const outcomes = isEarly ? [undefined, null, 'failed'] : ['failed'];
      expect(outcomes, unit).toContain(agent.units.find(unit)?.outcome);
    }
  },
  60_000,
);

test(`a lock whose ${HOLDERS} holders are killed one after the other is free again each time`, async () => {
  await using client = await SyncClient.connect({ path: agent.socket });
  for (let index = 0; index < HOLDERS; index += 1) {
    const argv = ['lock', 'apt', '--', 'sh', '-c', 'echo $$; exec sleep 60'];
    const child = muster.spawn(argv, { MUSTER_SOCKET: agent.socket });
    const exited = once(child, 'exit');
    const [pid] = await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await exited;
    const next = await client.call('sync.lock', { name: 'apt', timeoutMs: 10_000 });
    expect(next).toMatchObject({ name: 'apt', holders: 1 });
    // The command of a lock lives on, as the documentation says.
    process.kill(Number(pid), 'SIGKILL');
    await client.call('sync.unlock', { name: 'apt' });
  }
}, 60_000);
