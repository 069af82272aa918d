import { UnitError, type UnitEvent, UnitManager } from '@muster/unit';
import { describe, expect, test } from 'vitest';
import { depend, managerWith, refusal } from './support/units.ts';

function recorded(manager: UnitManager): UnitEvent[] {
  const events: UnitEvent[] = [];
  manager.subscribe((event) => events.push(event));
  return events;
}

describe('events', () => {
  test('every change is one event, numbered and timed', () => {
    const manager = managerWith();
    const events = recorded(manager);
    manager.register('a');
    manager.register('b');
    depend(manager, 'b', 'a', 'completed');
    depend(manager, 'b', 'a', 'succeeded');
    manager.start('a');
    manager.complete('a', { outcome: 'failed', exitCode: 1 });
    expect(events).toEqual([
      { seq: 1, at: 1, unit: 'a', type: 'registered' },
      { seq: 2, at: 2, unit: 'b', type: 'registered' },
      { seq: 3, at: 3, unit: 'b', type: 'dependency_set', dependsOn: 'a', requires: 'completed' },
      {
        seq: 4,
        at: 4,
        unit: 'b',
        type: 'dependency_set',
        dependsOn: 'a',
        requires: 'succeeded',
        replaces: 'completed',
      },
      { seq: 5, at: 5, unit: 'a', type: 'started', run: 1 },
      { seq: 6, at: 6, unit: 'a', type: 'completed', run: 1, outcome: 'failed', exitCode: 1 },
      {
        seq: 7,
        at: 7,
        unit: 'b',
        type: 'completed',
        run: 1,
        outcome: 'skipped',
        because: { dependsOn: 'a', requires: 'succeeded' },
      },
    ]);
  });

  test('are told after the whole operation, so that a listener sees its end', () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'b', 'a', 'succeeded');
    const seen: (string | null | undefined)[] = [];
    manager.subscribe(() => seen.push(manager.find('b')?.outcome));
    manager.complete('a', { outcome: 'failed' });
    expect(seen).toEqual(['skipped', 'skipped']);
  });

  test('stay in sequence for everyone when a listener changes something itself', () => {
    const manager = managerWith('a', 'b');
    const first: number[] = [];
    const second: number[] = [];
    manager.subscribe(({ seq, type }) => {
      first.push(seq);
      if (type === 'started') manager.complete('a');
    });
    manager.subscribe(({ seq }) => second.push(seq));
    manager.start('a');
    expect(first).toEqual([3, 4]);
    expect(second).toEqual([3, 4]);
  });

  test('of before a subscription are not told, even when they are still being delivered', () => {
    const manager = managerWith();
    const late: number[] = [];
    manager.subscribe(({ seq }) => {
      if (seq === 1) manager.subscribe((event) => late.push(event.seq));
    });
    manager.register('a');
    manager.register('b');
    expect(late).toEqual([2]);
  });

  test('end for a subscriber that is disposed of', () => {
    const manager = managerWith();
    const events: UnitEvent[] = [];
    const subscription = manager.subscribe((event) => events.push(event));
    manager.register('a');
    subscription[Symbol.dispose]();
    subscription[Symbol.dispose]();
    manager.register('b');
    expect(events).toHaveLength(1);
  });

  test('what a listener throws disturbs neither the operation nor the others', () => {
    const errors: unknown[] = [];
    const manager = new UnitManager({ now: () => 0, onListenerError: (error) => errors.push(error) });
    manager.subscribe(() => {
      throw new Error('broken listener');
    });
    const events = recorded(manager);
    manager.register('a');
    expect(events).toHaveLength(1);
    expect(errors).toEqual([new Error('broken listener')]);
  });

  test('cannot be changed by a reader', () => {
    const manager = managerWith();
    const events = recorded(manager);
    manager.register('a');
    manager.register('b');
    const answer = managerWith('c').eventsSince(0); // Nobody had subscribed there.
    for (const event of [...events, ...(answer.kind === 'events' ? answer.events : [])]) {
      expect(() => Object.assign(event, { unit: 'forged' })).toThrow(TypeError);
    }
  });
});

describe('eventsSince', () => {
  test('gives what came after a sequence number', () => {
    const manager = managerWith('a', 'b', 'c');
    expect(manager.eventsSince(1)).toMatchObject({ kind: 'events', events: [{ seq: 2 }, { seq: 3 }] });
    expect(manager.eventsSince(3)).toEqual({ kind: 'events', events: [] });
  });

  test('keeps a bounded tail; older readers get the state to go on from', () => {
    const manager = new UnitManager({ now: () => 0, tail: 3 });
    for (const unit of ['a', 'b', 'c', 'd', 'e']) manager.register(unit);
    expect(manager.eventsSince(2)).toMatchObject({
      kind: 'events',
      events: [{ unit: 'c' }, { unit: 'd' }, { unit: 'e' }],
    });
    expect(manager.eventsSince(1)).toMatchObject({ kind: 'too_old', oldest: 3, snapshot: { seq: 5 } });
  });

  test('answers a number of another history with the state', () => {
    expect(managerWith('a').eventsSince(99)).toMatchObject({
      kind: 'too_old',
      snapshot: { seq: 1, units: [{ unit: 'a' }] },
    });
  });

  test.each([0, -1, 1.5, Number.NaN])('a tail of %d is refused', (tail) => {
    expect(() => new UnitManager({ now: () => 0, tail })).toThrow(RangeError);
  });
});

describe('fromEvents', () => {
  const options = { now: () => 0 };
  const at = 0;

  test('goes on counting where the history ends', () => {
    const original = managerWith('a', 'b');
    const answer = original.eventsSince(0);
    const rebuilt = UnitManager.fromEvents(answer.kind === 'events' ? answer.events : [], options);
    rebuilt.start('a');
    expect(rebuilt.seq).toBe(3);
    expect(rebuilt.eventsSince(0)).toMatchObject({ kind: 'events', events: { length: 3 } });
  });

  test.each<[string, object[]]>([
    ['a gap', [{ seq: 2, at, unit: 'a', type: 'registered' }]],
    [
      'a second registration',
      [
        { seq: 1, at, unit: 'a', type: 'registered' },
        { seq: 2, at, unit: 'a', type: 'registered' },
      ],
    ],
    ['an unknown unit', [{ seq: 1, at, unit: 'a', type: 'started', run: 1 }]],
    [
      'a wrong run',
      [
        { seq: 1, at, unit: 'a', type: 'registered' },
        { seq: 2, at, unit: 'a', type: 'started', run: 2 },
      ],
    ],
    [
      'an end without a run',
      [
        { seq: 1, at, unit: 'a', type: 'registered' },
        { seq: 2, at, unit: 'a', type: 'completed', run: 0, outcome: 'failed' },
      ],
    ],
    [
      'a circle',
      [
        { seq: 1, at, unit: 'a', type: 'registered' },
        { seq: 2, at, unit: 'a', type: 'dependency_set', dependsOn: 'a', requires: 'started' },
      ],
    ],
    [
      'a replacement of nothing',
      [
        { seq: 1, at, unit: 'a', type: 'registered' },
        { seq: 2, at, unit: 'a', type: 'dependency_set', dependsOn: 'b', requires: 'started', replaces: 'completed' },
      ],
    ],
  ])('refuses a history with %s', (_, events) => {
    const error = refusal(() => UnitManager.fromEvents(events as UnitEvent[], options));
    expect(error).toBeInstanceOf(UnitError);
    expect(error.code).toBe('invalid_event');
    expect(error.message).toMatch(/^the events don't make a history: event \d /);
  });
});

test('a listener that fails, and whoever is told of that and fails too, keep nobody from what comes', async () => {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const unhandled: unknown[] = [];
  process.on('unhandledRejection', (error) => unhandled.push(error));
  const second = new Error('second');
  const onListenerError = (): void => {
    throw second;
  };
  const manager = new UnitManager({ now: () => 0, onListenerError });
  const told: number[] = [];
  manager.subscribe(() => {
    throw new Error('first');
  });
  manager.subscribe(({ seq }) => told.push(seq));
  manager.register('a');
  manager.register('b');
  await new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners('unhandledRejection');
  for (const listener of others) process.on('unhandledRejection', listener);
  expect(told).toEqual([1, 2]);
  expect(unhandled).toEqual([second, second]);
});

test('a history is copied: whoever gave it may change theirs, and nobody can change ours', () => {
  const manager = new UnitManager({ now: () => 0 });
  manager.register('a');
  manager.register('b');
  manager.addDependencies('b', [{ dependsOn: 'a', requires: 'succeeded' }]);
  manager.complete('a', { outcome: 'failed' });
  const given = eventsOf(manager).map((event) => structuredClone(event));
  const again = UnitManager.fromEvents(given, { now: () => 0 });
  for (const event of given) Object.assign(event, { unit: 'other' });
  const skip = given.find((event) => event.type === 'completed' && event.because !== undefined);
  if (skip?.type === 'completed' && skip.because !== undefined) Object.assign(skip.because, { dependsOn: 'other' });
  expect(eventsOf(again)).toEqual(eventsOf(manager));
  for (const event of [...eventsOf(again), ...eventsOf(manager)]) {
    expect(Object.isFrozen(event)).toBe(true);
    if (event.type === 'completed' && event.because !== undefined) expect(Object.isFrozen(event.because)).toBe(true);
  }
});

function eventsOf(manager: UnitManager): readonly UnitEvent[] {
  const answer = manager.eventsSince(0);
  return answer.kind === 'events' ? answer.events : [];
}
