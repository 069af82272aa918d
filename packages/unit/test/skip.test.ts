import { causeChain, describeCompletion } from '@muster/unit';
import { describe, expect, test } from 'vitest';
import { depend, managerWith, refusal } from './support/units.ts';

describe('skip cascade', () => {
  test('a failure skips what needs it, and all below, with the chain of causes', () => {
    const manager = managerWith('db', 'api', 'web', 'cleanup');
    depend(manager, 'api', 'db', 'succeeded');
    depend(manager, 'web', 'api', 'succeeded');
    depend(manager, 'cleanup', 'api', 'completed');
    manager.start('db');
    manager.complete('db', { outcome: 'failed', exitCode: 1 });
    expect(manager.list('registration').map(({ unit, outcome }) => [unit, outcome])).toEqual([
      ['db', 'failed'],
      ['api', 'skipped'],
      ['web', 'skipped'],
      ['cleanup', null],
    ]);
    expect(manager.readiness('cleanup')).toBe('runnable');
    const completion = manager.find('web')?.completion;
    if (!completion) throw new Error('web has not completed');
    expect(describeCompletion(completion)).toBe(
      'skipped: needs "api", which was skipped: it needs "db", which failed with exit code 1',
    );
    expect(
      causeChain(completion).map(({ dependsOn, requires, completion: { outcome } }) => [dependsOn, requires, outcome]),
    ).toEqual([
      ['api', 'succeeded', 'skipped'],
      ['db', 'succeeded', 'failed'],
    ]);
  });

  test('the first impossible dependency decides, even while others still run', () => {
    const manager = managerWith('a', 'b', 'c');
    depend(manager, 'c', ['a', 'b'], 'succeeded');
    manager.start('a');
    manager.start('b');
    manager.complete('b', { outcome: 'timed_out' });
    expect(manager.find('c')).toMatchObject({ outcome: 'skipped', completion: { cause: { dependsOn: 'b' } } });
  });

  test('what has started already is left alone', () => {
    const manager = managerWith('a', 'b');
    manager.complete('a');
    depend(manager, 'b', 'a', 'succeeded');
    manager.start('b');
    manager.start('a');
    manager.complete('a', { outcome: 'failed' });
    expect(manager.find('b')).toMatchObject({ status: 'started', ready: false });
  });

  test('a dependency that is impossible from the start skips at once', () => {
    const manager = managerWith('a', 'b', 'c');
    depend(manager, 'c', 'b', 'succeeded');
    manager.complete('a', { outcome: 'canceled' });
    depend(manager, 'b', 'a', 'succeeded');
    expect(manager.list().map(({ outcome }) => outcome)).toEqual(['canceled', 'skipped', 'skipped']);
  });

  test('while the failed unit runs again its dependents wait', () => {
    const manager = managerWith('a', 'b');
    manager.complete('a', { outcome: 'failed' });
    manager.start('a');
    depend(manager, 'b', 'a', 'succeeded');
    expect(manager.find('b')).toMatchObject({ status: 'pending' });
    expect(manager.readiness('b')).toBe('waiting');
    manager.complete('a');
    expect(manager.readiness('b')).toBe('runnable');
  });

  test('a skipped unit can start once its dependency has succeeded after all', () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'b', 'a', 'succeeded');
    manager.complete('a', { outcome: 'failed', exitCode: 2 });
    const error = refusal(() => manager.start('b'));
    expect(error.code).toBe('impossible');
    expect(error.message).toBe(
      `unit "b" can't start: it needs "a", which failed with exit code 2. Run "a" again until it succeeds, then start "b".`,
    );
    expect(error.facts.cause).toMatchObject({ dependsOn: 'a', completion: { exitCode: 2 } });
    manager.start('a');
    manager.complete('a');
    expect(manager.start('b')).toBe(2);
  });

  test('a chain of a hundred thousand units is skipped without running out of stack', () => {
    const manager = managerWith('0');
    for (let unit = 1; unit < 100_000; unit += 1) {
      manager.register(String(unit));
      depend(manager, String(unit), String(unit - 1), 'succeeded');
    }
    manager.complete('0', { outcome: 'failed', signal: 'SIGKILL' });
    const last = manager.find('99999')?.completion;
    expect(last?.outcome).toBe('skipped');
    expect(last && causeChain(last)).toHaveLength(100);
    expect(last && causeChain(last, Infinity).at(-1)?.completion.signal).toBe('SIGKILL');
  });
});

test('how a run ended is told in words', () => {
  const manager = managerWith('a');
  const said = (report: Parameters<typeof manager.complete>[1]) => {
    manager.start('a');
    return describeCompletion(manager.complete('a', report));
  };
  expect(said({})).toBe('succeeded');
  expect(said({ exitCode: 0 })).toBe('succeeded');
  expect(said({ outcome: 'failed', exitCode: 127, reason: 'no such command' })).toBe(
    'failed with exit code 127 (no such command)',
  );
  expect(said({ outcome: 'timed_out', signal: 'SIGTERM' })).toBe('timed out by SIGTERM');
  expect(said({ outcome: 'canceled' })).toBe('was canceled');
  expect(said({ outcome: 'skipped', reason: 'not needed here' })).toBe('skipped (not needed here)');
});
