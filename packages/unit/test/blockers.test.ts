import { blockersOf, rankBlockers, type WorkWait } from '@muster/unit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { depend, managerWith } from './support/units.ts';

function workspace() {
  const manager = managerWith('clone', 'install', 'build', 'serve', 'docs', 'lint', 'free');
  depend(manager, 'install', 'clone', 'succeeded');
  depend(manager, 'build', ['install', 'database'], 'succeeded');
  depend(manager, 'serve', 'build', 'succeeded');
  depend(manager, 'docs', 'lint', 'completed');
  manager.start('clone');
  return manager;
}

test('a unit is held up by the roots of everything that it waits for, nearest first', () => {
  expect(blockersOf(workspace().snapshot(), 'serve')).toEqual([
    { unit: 'database', obstacle: 'not_registered', since: null, circle: [], path: ['serve', 'build', 'database'] },
    { unit: 'clone', obstacle: 'running', since: 13, circle: [], path: ['serve', 'build', 'install', 'clone'] },
  ]);
});

test('what nobody has started holds up too', () => {
  expect(blockersOf(workspace().snapshot(), 'docs')).toEqual([
    { unit: 'lint', obstacle: 'not_started', since: 6, circle: [], path: ['docs', 'lint'] },
  ]);
});

test('of a skipped unit the blocker has ended, until it runs again', () => {
  const manager = managerWith('a', 'b');
  depend(manager, 'b', 'a', 'succeeded');
  manager.complete('a', { outcome: 'failed' });
  expect(blockersOf(manager.snapshot(), 'b')).toMatchObject([{ unit: 'a', obstacle: 'ended', path: ['b', 'a'] }]);
  manager.start('a');
  expect(blockersOf(manager.snapshot(), 'b')).toMatchObject([{ unit: 'a', obstacle: 'running' }]);
});

test('nothing holds up a unit that is ready, has started, or that nobody knows', () => {
  const snapshot = workspace().snapshot();
  for (const unit of ['free', 'clone', 'unheard-of']) expect(blockersOf(snapshot, unit)).toEqual([]);
});

test('blockers are ranked by how much they hold up', () => {
  expect(rankBlockers(workspace().snapshot()).map(({ unit, heldUp }) => [unit, heldUp])).toEqual([
    ['clone', ['build', 'install', 'serve']],
    ['database', ['build', 'serve']],
    ['lint', ['docs']],
  ]);
});

test('units that have started or ended are not held up by what they would need to start again', () => {
  const manager = managerWith('a', 'b');
  manager.start('b');
  depend(manager, 'b', 'a');
  expect(rankBlockers(manager.snapshot())).toEqual([]);
});

describe('units whose work waits', () => {
  /** serve needs install; install runs, and a process of it waits for db, which runs too. */
  function atWork() {
    const manager = managerWith('serve', 'install', 'db', 'cache');
    depend(manager, 'serve', 'install', 'succeeded');
    for (const unit of ['install', 'db']) manager.start(unit);
    return manager;
  }

  function waitOf(unit: string, awaits: string[], more: Partial<WorkWait> = {}): WorkWait {
    return { unit, run: 1, awaits, any: false, ...more };
  }

  test('are not the end of the chain', () => {
    const snapshot = atWork().snapshot();
    expect(blockersOf(snapshot, 'serve')).toMatchObject([{ unit: 'install', obstacle: 'running' }]);
    const waits = [waitOf('install', ['db', 'unheard-of'])];
    expect(blockersOf(snapshot, 'serve', waits)).toMatchObject([
      { unit: 'db', obstacle: 'running', path: ['serve', 'install', 'db'] },
      { unit: 'unheard-of', obstacle: 'not_registered', since: null, path: ['serve', 'install', 'unheard-of'] },
    ]);
    expect(blockersOf(snapshot, 'install', waits).map(({ unit }) => unit)).toEqual(['db', 'unheard-of']);
    expect(rankBlockers(snapshot, waits).map(({ unit, heldUp }) => [unit, heldUp])).toEqual([
      ['db', ['install', 'serve']],
      ['unheard-of', ['install', 'serve']],
    ]);
  });

  test('wait no longer once the run is another one, or over', () => {
    const manager = atWork();
    const waits = [waitOf('install', ['db'])];
    manager.complete('install');
    expect(blockersOf(manager.snapshot(), 'install', waits)).toEqual([]);
    manager.start('install');
    expect(blockersOf(manager.snapshot(), 'install', waits)).toEqual([]);
    expect(blockersOf(manager.snapshot(), 'install', [waitOf('install', ['db'], { run: 2 })])).toHaveLength(1);
  });

  test('may wait for each other: then the circle is the end of the chain, once', () => {
    const manager = atWork();
    depend(manager, 'cache', 'serve');
    const waits = [waitOf('install', ['cache'])];
    expect(blockersOf(manager.snapshot(), 'serve', waits)).toMatchObject([
      { unit: 'serve', obstacle: 'circle', path: ['serve'], circle: ['serve', 'install', 'cache', 'serve'] },
    ]);
    expect(blockersOf(manager.snapshot(), 'install', waits)).toMatchObject([
      { unit: 'install', path: ['install'], circle: ['install', 'cache', 'serve', 'install'] },
    ]);
    expect(rankBlockers(manager.snapshot(), waits)).toMatchObject([
      { unit: 'cache', obstacle: 'circle', heldUp: ['cache', 'install', 'serve'] },
    ]);
  });

  test('may wait for themselves', () => {
    const waits = [waitOf('install', ['install'])];
    expect(blockersOf(atWork().snapshot(), 'serve', waits)).toMatchObject([
      { unit: 'install', obstacle: 'circle', path: ['serve', 'install'], circle: ['install', 'install'] },
    ]);
  });

  test('may be in several circles: what waits for itself is always told, whatever the order of the names', () => {
    const manager = managerWith('pair-a', 'pair-b', 'x');
    for (const unit of ['pair-a', 'pair-b', 'x']) manager.start(unit);
    const pair = [waitOf('pair-a', ['pair-b']), waitOf('pair-b', ['pair-a'])];
    for (const awaits of [
      ['pair-a', 'x'],
      ['x', 'pair-a'],
    ]) {
      const blockers = blockersOf(manager.snapshot(), 'x', [...pair, waitOf('x', awaits)]);
      expect(blockers.map(({ circle }) => circle)).toEqual([
        ['x', 'x'],
        ['pair-a', 'pair-b', 'pair-a'],
      ]);
    }
  });

  test('are in no circle while one of several is enough and can still come', () => {
    const snapshot = atWork().snapshot();
    const anyOf = (...awaits: string[]) => [waitOf('install', awaits, { any: true })];
    expect(blockersOf(snapshot, 'serve', anyOf('serve', 'db'))).toMatchObject([{ unit: 'db', obstacle: 'running' }]);
    expect(blockersOf(snapshot, 'serve', anyOf('serve', 'install')).map(({ circle }) => circle)).toEqual([
      ['serve', 'install', 'serve'],
      ['install', 'install'],
    ]);
  });
});

interface Work {
  readonly running: readonly string[];
  readonly waits: readonly WorkWait[];
}

/** Who waits for ever: the others are let go on, again and again, as soon as they can. */
function stuckOf(names: readonly string[], { running, waits }: Work): Set<string> {
  const stuck = new Set(names);
  const canGoOn = (name: string): boolean =>
    waits
      .filter(({ unit, awaits }) => unit === name && running.includes(name) && awaits.length > 0)
      .every(({ awaits, any }) => awaits[any ? 'some' : 'every']((other) => !stuck.has(other)));
  for (let before = -1; before !== stuck.size; ) {
    before = stuck.size;
    for (const name of [...stuck]) if (canGoOn(name)) stuck.delete(name);
  }
  return stuck;
}

test('a circle is told exactly where no end of anything that waits for nobody could open it', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const demand = fc.record({ unit: fc.constantFrom(...names), any: fc.boolean(), awaits: fc.subarray(names) });
  fc.assert(
    fc.property(fc.subarray(names), fc.array(demand), (running, demands) => {
      const manager = managerWith(...names);
      for (const unit of running) manager.start(unit);
      const waits = demands.map((each) => ({ ...each, run: 1 }));
      const stuck = stuckOf(names, { running, waits });
      const told = rankBlockers(manager.snapshot(), waits).map(({ circle }) => circle);
      expect(told.flat().length > 0).toBe(stuck.size > 0);
      for (const name of told.flat()) expect(stuck).toContain(name);
      const ofThemselves = waits.filter(({ unit, awaits }) => stuck.has(unit) && awaits.includes(unit));
      for (const { unit } of ofThemselves) expect(told).toContainEqual([unit, unit]);
      for (const name of stuck) {
        const blockers = blockersOf(manager.snapshot(), name, waits);
        expect(blockers.map(({ obstacle }) => obstacle)).toContain('circle');
      }
    }),
    { numRuns: 2_000 },
  );
});
