import { startWhenReady, type UnitManager } from '@muster/unit';
import { describe, expect, test } from 'vitest';
import { depend, managerWith, refusal } from './support/units.ts';

function watched(manager: UnitManager, unit: string): string[] {
  const seen: string[] = [];
  manager.watch(unit, (readiness) => seen.push(readiness));
  return seen;
}

describe('watch', () => {
  test('calls back when a dependency is added, satisfied or lost', () => {
    const manager = managerWith('a', 'b', 'c');
    const seen = watched(manager, 'c');
    depend(manager, 'c', ['a', 'b'], 'succeeded');
    manager.complete('a');
    manager.complete('b');
    manager.start('b');
    manager.complete('b', { outcome: 'failed' });
    expect(seen).toEqual(['waiting', 'waiting', 'runnable', 'impossible']);
  });

  test('only those whose dependencies changed are called', () => {
    const manager = managerWith('a', 'b', 'x');
    depend(manager, 'b', 'a');
    const other = watched(manager, 'x');
    const started = watched(manager, 'b');
    manager.start('a');
    expect(started).toEqual([]);
    manager.complete('a');
    manager.start('a');
    manager.complete('a');
    expect(started).toEqual(['runnable']);
    expect(other).toEqual([]);
  });

  test('of fifty waiters one completion releases one', () => {
    const manager = managerWith();
    const released: number[] = [];
    for (let index = 0; index < 50; index += 1) {
      manager.register(`w${index}`);
      depend(manager, `w${index}`, `d${index}`);
      manager.watch(`w${index}`, () => released.push(index));
    }
    manager.register('d7');
    manager.complete('d7');
    expect(released).toEqual([7]);
  });

  test('ends when it is disposed of, also by another watcher during a call', () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'b', 'a');
    const seen: string[] = [];
    manager.watch('b', () => second[Symbol.dispose]());
    const second = manager.watch('b', () => seen.push('second'));
    manager.complete('a');
    expect(seen).toEqual([]);
  });

  test('an unknown name is refused', () => {
    expect(refusal(() => managerWith().watch('a', () => {})).code).toBe('unknown_unit');
  });
});

describe('startWhenReady', () => {
  test('starts a runnable unit at once', async () => {
    const manager = managerWith('a');
    const run = startWhenReady(manager, 'a');
    expect(manager.find('a')).toMatchObject({ status: 'started' });
    expect(await run).toBe(1);
  });

  test('starts a waiting unit in the very step that makes it runnable', async () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'b', 'a');
    const run = startWhenReady(manager, 'b');
    manager.complete('a');
    expect(manager.find('b')).toMatchObject({ status: 'started', run: 1 });
    expect(await run).toBe(1);
  });

  test('of two who wait to start the same unit one starts it and the other is told so', async () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'b', 'a');
    const both = Promise.allSettled([startWhenReady(manager, 'b'), startWhenReady(manager, 'b')]);
    manager.complete('a');
    expect(await both).toMatchObject([{ value: 1 }, { reason: { code: 'already_started' } }]);
  });

  test('goes on waiting when a dependency is added meanwhile', async () => {
    const manager = managerWith('a', 'b', 'c');
    depend(manager, 'c', 'a');
    const waits: string[][] = [];
    const run = startWhenReady(manager, 'c', {
      onWaiting: (unmet) => waits.push(unmet.map(({ dependsOn }) => dependsOn)),
    });
    depend(manager, 'c', 'b');
    manager.complete('a');
    expect(manager.find('c')).toMatchObject({ status: 'pending' });
    manager.complete('b');
    expect(await run).toBe(1);
    expect(waits).toEqual([['a'], ['a', 'b'], ['b']]);
  });

  test('is refused as soon as it has become impossible', async () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'b', 'a', 'succeeded');
    const run = startWhenReady(manager, 'b');
    manager.complete('a', { outcome: 'failed' });
    await expect(run).rejects.toMatchObject({ code: 'impossible', facts: { cause: { dependsOn: 'a' } } });
  });

  test('ends with the reason of its signal, and leaves the unit and the signal alone', async () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'b', 'a');
    const controller = new AbortController();
    const run = startWhenReady(manager, 'b', { signal: controller.signal });
    controller.abort('gone');
    await expect(run).rejects.toBe('gone');
    manager.complete('a');
    expect(manager.find('b')).toMatchObject({ status: 'pending', ready: true });
    await expect(startWhenReady(manager, 'b', { signal: controller.signal })).rejects.toBe('gone');
  });

  test('leaves no listener behind on the signal', async () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'b', 'a');
    const listeners = new Set<unknown>();
    const signal = {
      aborted: false,
      reason: undefined,
      addEventListener: (_: 'abort', listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: 'abort', listener: () => void) => void listeners.delete(listener),
    };
    const run = startWhenReady(manager, 'b', { signal });
    expect(listeners.size).toBe(1);
    manager.complete('a');
    await run;
    expect(listeners.size).toBe(0);
  });

  test('an unknown name is refused', async () => {
    await expect(startWhenReady(managerWith(), 'a')).rejects.toMatchObject({ code: 'unknown_unit' });
  });
});
