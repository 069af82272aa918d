import type { Outcome } from '@muster/unit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LIFECYCLE_STATES, Lifecycle, type LifecycleChange, stageResult } from '../src/lifecycle.ts';

function lifecycle(): { life: Lifecycle; changes: LifecycleChange[] } {
  const changes: LifecycleChange[] = [];
  let time = 0;
  const life = new Lifecycle(
    () => time++,
    (change) => changes.push(change),
  );
  return { life, changes };
}

test('each state is told once, with its time', () => {
  const { life, changes } = lifecycle();
  expect(life.advance('starting')).toBe(true);
  expect(life.advance('ready')).toBe(true);
  expect(life.state).toBe('ready');
  expect(changes).toEqual([
    { state: 'starting', at: 1 },
    { state: 'ready', at: 2 },
  ]);
  expect(life.history[0]).toEqual({ state: 'created', at: 0 });
});

test('it goes neither back nor aside', () => {
  const { life, changes } = lifecycle();
  life.advance('start_error');
  expect(
    ['created', 'starting', 'ready', 'start_timeout', 'start_error'].map((state) => life.advance(state as 'ready')),
  ).toEqual(Array(5).fill(false));
  expect(changes).toHaveLength(1);
});

test('an agent that is stopped while it starts may skip states', () => {
  const { life } = lifecycle();
  life.advance('starting');
  expect(life.advance('shutting_down')).toBe(true);
  expect(life.advance('off')).toBe(true);
});

test('whatever is asked for, the history follows the order of the states', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...LIFECYCLE_STATES)), (states) => {
      const { life } = lifecycle();
      for (const state of states) life.advance(state);
      const positions = life.history.map(({ state }) => LIFECYCLE_STATES.indexOf(state));
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      expect(new Set(positions).size).toBe(positions.length);
    }),
  );
});

test.each<[string, Outcome[]]>([
  ['ok', []],
  ['ok', ['succeeded', 'succeeded']],
  ['error', ['succeeded', 'failed']],
  ['timeout', ['timed_out', 'succeeded']],
  ['timeout', ['timed_out', 'skipped']],
  ['timeout', ['timed_out', 'canceled']],
  ['error', ['timed_out', 'failed']],
  ['error', ['skipped']],
  ['error', ['canceled', 'succeeded']],
])('the result is %s when the runs ended as %j', (result, outcomes) => {
  expect(stageResult(outcomes)).toBe(result);
});
