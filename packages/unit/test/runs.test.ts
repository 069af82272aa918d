import { OUTCOMES } from '@muster/unit';
import { describe, expect, test } from 'vitest';
import { depend, managerWith, refusal, stateOf } from './support/units.ts';

describe('start', () => {
  test('begins the first run, and after completion the next one', () => {
    const manager = managerWith('a');
    expect(manager.start('a')).toBe(1);
    manager.complete('a');
    expect(manager.start('a')).toBe(2);
    expect(manager.find('a')).toMatchObject({ status: 'started', run: 2 });
  });

  test('the last outcome stands until the run completes', () => {
    const manager = managerWith('a');
    manager.complete('a', { outcome: 'failed', exitCode: 3 });
    manager.start('a');
    expect(manager.find('a')).toMatchObject({
      status: 'started',
      outcome: 'failed',
      run: 2,
      completion: { run: 1, exitCode: 3 },
    });
    manager.complete('a');
    expect(manager.find('a')).toMatchObject({ outcome: 'succeeded', completion: { run: 2 } });
  });

  test('is refused while the unit is not ready, naming what is unmet', () => {
    const manager = managerWith('app', 'db');
    depend(manager, 'app', ['net', 'db'], 'succeeded');
    manager.start('db');
    const before = stateOf(manager);
    const error = refusal(() => manager.start('app'));
    expect(error.code).toBe('not_ready');
    expect(error.message).toBe(
      'unit "app" is not ready: it waits for "db" (started, needs succeeded) and "net" (not registered, needs succeeded).',
    );
    expect(error.facts.unmet?.map(({ dependsOn }) => dependsOn)).toEqual(['db', 'net']);
    expect(stateOf(manager)).toEqual(before);
  });

  test('is refused for what is started already, and for what nobody registered', () => {
    const manager = managerWith('a');
    manager.start('a');
    expect(refusal(() => manager.start('a'))).toMatchObject({
      code: 'already_started',
      message: 'unit "a" is started already (run 1). Complete it before it starts again.',
    });
    expect(refusal(() => manager.start('b')).code).toBe('unknown_unit');
  });

  test('of a unit that waits for very many others names ten and counts the rest', () => {
    const manager = managerWith('sink');
    depend(
      manager,
      'sink',
      Array.from({ length: 1000 }, (_, index) => `d${String(index).padStart(3, '0')}`),
    );
    const { message } = refusal(() => manager.start('sink'));
    expect(message).toContain('"d009" (not registered, needs completed) and 990 more.');
    expect(message).not.toContain('d010');
  });
});

describe('who reports a run, and what is noted of it', () => {
  test('an owner is shown from the start of a run until the next', () => {
    const manager = managerWith('a');
    manager.start('a', { owner: 'process 7' });
    expect(manager.find('a')).toMatchObject({ owner: 'process 7' });
    manager.complete('a');
    expect(manager.find('a')).toMatchObject({ owner: 'process 7' });
    manager.start('a');
    expect(manager.find('a')).toMatchObject({ owner: null });
  });

  test('a note belongs to the latest run and changes nothing else', () => {
    const manager = managerWith('a');
    manager.start('a');
    manager.complete('a');
    manager.note('a', 'failed with exit code 3 after it was reported complete');
    expect(manager.find('a')).toMatchObject({
      status: 'completed',
      outcome: 'succeeded',
      note: 'failed with exit code 3 after it was reported complete',
    });
    manager.start('a');
    expect(manager.find('a')).toMatchObject({ note: null });
    expect(refusal(() => manager.note('b', 'x')).code).toBe('unknown_unit');
  });

  test('a forced report stays marked as such', () => {
    const manager = managerWith('a');
    expect(manager.complete('a', { forced: true })).toMatchObject({ outcome: 'succeeded', forced: true });
  });
});

describe('complete', () => {
  test('from started ends the run with what its owner reports', () => {
    const manager = managerWith('a');
    manager.start('a');
    const completion = manager.complete('a', { outcome: 'failed', exitCode: 7, reason: 'no network' });
    expect(completion).toEqual({ run: 1, outcome: 'failed', at: 3, exitCode: 7, reason: 'no network' });
    expect(manager.find('a')).toMatchObject({ status: 'completed', outcome: 'failed', completion });
  });

  test('from pending is for work that never said it started', () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'b', 'a', 'started');
    expect(manager.complete('a')).toMatchObject({ run: 1, outcome: 'succeeded' });
    expect(manager.readiness('b')).toBe('runnable');
  });

  test('does not ask whether the unit is ready', () => {
    const manager = managerWith('a');
    depend(manager, 'a', 'b');
    expect(manager.complete('a')).toMatchObject({ outcome: 'succeeded' });
  });

  test('twice is refused, as is a unit that nobody registered and an outcome that is none', () => {
    const manager = managerWith('a');
    manager.complete('a');
    expect(refusal(() => manager.complete('a'))).toMatchObject({
      code: 'already_completed',
      message: 'unit "a" is completed already (run 1). Start it before it completes again.',
    });
    expect(refusal(() => manager.complete('b')).code).toBe('unknown_unit');
    depend(manager, 'a', 'named');
    expect(refusal(() => manager.complete('named')).code).toBe('unknown_unit');
    manager.register('c');
    expect(refusal(() => manager.complete('c', { outcome: 'green' as never }))).toMatchObject({
      code: 'invalid_outcome',
      message: '"green" is not an outcome. Use one of succeeded, failed, timed_out, skipped, canceled.',
    });
    expect(manager.find('c')).toMatchObject({ status: 'pending' });
  });
});

describe('what a dependency has come to', () => {
  const requirements = ['started', 'completed', 'succeeded'] as const;

  test('follows from the outcome', () => {
    const table = OUTCOMES.map((outcome) => {
      const row = requirements.map((requires) => {
        const manager = managerWith('dependency', 'unit');
        depend(manager, 'unit', 'dependency', requires);
        manager.start('dependency');
        manager.complete('dependency', { outcome });
        return manager.readiness('unit');
      });
      return [outcome, ...row];
    });
    expect(table).toEqual([
      ['succeeded', 'runnable', 'runnable', 'runnable'],
      ['failed', 'runnable', 'runnable', 'impossible'],
      ['timed_out', 'runnable', 'runnable', 'impossible'],
      ['skipped', 'runnable', 'runnable', 'impossible'],
      ['canceled', 'runnable', 'runnable', 'impossible'],
    ]);
  });

  test('a start that never came is impossible once its unit was skipped or canceled', () => {
    for (const outcome of ['skipped', 'canceled'] as const) {
      const manager = managerWith('dependency', 'unit');
      depend(manager, 'unit', 'dependency', 'started');
      manager.complete('dependency', { outcome });
      expect(manager.find('unit')).toMatchObject({ status: 'completed', outcome: 'skipped' });
    }
  });

  test('a rerun takes nothing back while it goes on, only its end does', () => {
    const manager = managerWith('cron', 'a', 'b', 'c');
    depend(manager, 'a', 'cron', 'started');
    depend(manager, 'b', 'cron', 'completed');
    depend(manager, 'c', 'cron', 'succeeded');
    const readiness = () => ['a', 'b', 'c'].map((unit) => manager.readiness(unit));
    manager.start('cron');
    expect(readiness()).toEqual(['runnable', 'waiting', 'waiting']);
    manager.complete('cron');
    expect(readiness()).toEqual(['runnable', 'runnable', 'runnable']);
    manager.start('cron');
    expect(readiness()).toEqual(['runnable', 'runnable', 'runnable']);
    manager.complete('cron', { outcome: 'failed' });
    expect(readiness()).toEqual(['runnable', 'runnable', 'impossible']);
    manager.start('cron');
    expect(readiness()).toEqual(['runnable', 'runnable', 'waiting']);
    manager.complete('cron');
    expect(readiness()).toEqual(['runnable', 'runnable', 'runnable']);
  });
});
