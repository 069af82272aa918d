import { blockersOf, rankBlockers } from '@muster/unit';
import { expect, test } from 'vitest';
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
    { unit: 'database', obstacle: 'not_registered', since: null, path: ['serve', 'build', 'database'] },
    { unit: 'clone', obstacle: 'running', since: 13, path: ['serve', 'build', 'install', 'clone'] },
  ]);
});

test('what nobody has started holds up too', () => {
  expect(blockersOf(workspace().snapshot(), 'docs')).toEqual([
    { unit: 'lint', obstacle: 'not_started', since: 6, path: ['docs', 'lint'] },
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
