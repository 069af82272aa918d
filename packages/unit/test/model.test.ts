import { OUTCOMES, REQUIREMENTS, UnitError, type UnitEvent, UnitManager } from '@muster/unit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReferenceModel } from './support/reference-model.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', '__proto__', 'constructor', 'module.dev.script["x"]'];
const name = fc.constantFrom(...names);
const dependency = fc.record({ dependsOn: name, requires: fc.constantFrom(...REQUIREMENTS) });

type Operation =
  | { do: 'register'; unit: string }
  | { do: 'depend'; unit: string; on: { dependsOn: string; requires: (typeof REQUIREMENTS)[number] }[] }
  | { do: 'start'; unit: string }
  | { do: 'complete'; unit: string; outcome: (typeof OUTCOMES)[number] };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('register' as const), unit: name }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('depend' as const),
      unit: name,
      on: fc.array(dependency, { maxLength: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('start' as const), unit: name }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('complete' as const), unit: name, outcome: fc.constantFrom(...OUTCOMES) }),
  },
);

function perform(target: UnitManager | ReferenceModel, step: Operation): unknown {
  switch (step.do) {
    case 'register':
      return target.register(step.unit);
    case 'depend':
      return target.addDependencies(step.unit, step.on);
    case 'start':
      return target.start(step.unit);
    case 'complete':
      return target instanceof UnitManager
        ? target.complete(step.unit, { outcome: step.outcome })
        : target.complete(step.unit, step.outcome);
    default:
      return step satisfies never;
  }
}

/** The code of the refusal, or null. */
function answerOf(manager: UnitManager, step: Operation): string | null {
  try {
    perform(manager, step);
    return null;
  } catch (error) {
    if (error instanceof UnitError) return error.code;
    throw error;
  }
}

/** Skips of one operation may come in any order that respects their causes; this compares them as a set. */
function comparable(events: readonly object[]): unknown[] {
  return events.map((event) => {
    const { seq: _seq, at: _at, because: _because, ...rest } = event as UnitEvent & { because?: unknown };
    return JSON.stringify(rest, Object.keys(rest).sort());
  });
}

function expectSameAnswers(manager: UnitManager, model: ReferenceModel): void {
  const seen = manager
    .list('registration')
    .map(({ unit, status, outcome, run, ready }) => ({ unit, status, outcome, run, ready }));
  const expected = model.units.map(({ unit, status, outcome, run }) => ({
    unit,
    status,
    outcome,
    run,
    ready: model.readiness(unit) === 'runnable',
  }));
  const byName = (x: { unit: string }, y: { unit: string }) => (x.unit < y.unit ? -1 : 1);
  expect(seen.toSorted(byName)).toEqual(expected.toSorted(byName));
  for (const { unit } of model.units) {
    expect(manager.readiness(unit)).toBe(model.readiness(unit));
    const unmet = model.edges
      .filter((edge) => edge.unit === unit && model.standing(edge) !== 'satisfied')
      .map((edge) => edge.dependsOn)
      .sort();
    const evaluation = manager.evaluate(unit);
    expect(evaluation.readiness === 'runnable' ? [] : evaluation.unmet.map((edge) => edge.dependsOn)).toEqual(unmet);
  }
}

test('the manager agrees with the reference model in every answer, error and event', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (steps) => {
      const manager = new UnitManager({ now: () => 0 });
      const model = new ReferenceModel();
      const events: UnitEvent[] = [];
      manager.subscribe((event) => events.push(event));
      for (const step of steps) {
        const before = { seen: events.length, expected: model.events.length };
        expect(answerOf(manager, step)).toBe(perform(model, step) ?? null);
        const seen = comparable(events.slice(before.seen));
        const expected = comparable(model.events.slice(before.expected));
        if (step.do === 'depend') expect(seen.toSorted()).toEqual(expected.toSorted());
        else expect([seen[0], ...seen.slice(1).sort()]).toEqual([expected[0], ...expected.slice(1).sort()]);
        expectSameAnswers(manager, model);
      }
      expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    }),
    { numRuns: 1500 },
  );
});

test('units that are first named as dependencies take part in circles like all others', () => {
  const manager = new UnitManager({ now: () => 0 });
  for (const [unit, dependsOn] of [
    ['a', 'b'],
    ['b', 'c'],
  ] as const) {
    manager.register(unit);
    manager.addDependencies(unit, [{ dependsOn, requires: 'completed' }]);
  }
  manager.register('c');
  expect(answerOf(manager, { do: 'depend', unit: 'c', on: [{ dependsOn: 'a', requires: 'completed' }] })).toBe('cycle');
});

test('every skip names a dependency that had become impossible before it', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (steps) => {
      const manager = new UnitManager({ now: () => 0 });
      const ended = new Map<string, string>();
      manager.subscribe((event) => {
        if (event.type !== 'completed') return;
        if (event.because) {
          const outcome = ended.get(event.because.dependsOn);
          expect(outcome).toBeDefined();
          expect(outcome).not.toBe('succeeded');
        }
        ended.set(event.unit, event.outcome);
      });
      for (const step of steps) answerOf(manager, step);
      const stuck = manager
        .list()
        .filter(({ unit, status }) => status === 'pending' && manager.readiness(unit) === 'impossible');
      expect(stuck).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('a manager rebuilt from its events equals the original', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (steps) => {
      let time = 0;
      const original = new UnitManager({ now: () => ++time });
      const events: UnitEvent[] = [];
      original.subscribe((event) => events.push(event));
      for (const step of steps) {
        if (answerOf(original, step) === null && step.do === 'start') original.note(step.unit, 'a note');
      }
      const rebuilt = UnitManager.fromEvents(JSON.parse(JSON.stringify(events)), { now: () => 0 });
      expect(rebuilt.snapshot()).toEqual(original.snapshot());
      expect(rebuilt.list()).toEqual(original.list());
      for (const { unit } of original.list()) expect(rebuilt.evaluate(unit)).toEqual(original.evaluate(unit));
    }),
    { numRuns: 500 },
  );
});

test('on small dense graphs, with units registered before or after they are named, circles are found', () => {
  const few = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const declaration = fc.record({ unit: few, dependsOn: fc.array(few, { minLength: 1, maxLength: 2 }) });
  fc.assert(
    fc.property(fc.array(declaration, { maxLength: 12 }), (declarations) => {
      const manager = new UnitManager({ now: () => 0 });
      const model = new ReferenceModel();
      for (const { unit, dependsOn } of declarations) {
        const steps: Operation[] = [
          { do: 'register', unit },
          { do: 'depend', unit, on: dependsOn.map((name) => ({ dependsOn: name, requires: 'completed' })) },
        ];
        for (const step of steps) expect(answerOf(manager, step)).toBe(perform(model, step) ?? null);
      }
    }),
    { numRuns: 2000 },
  );
});

test('on large random graphs an edge is refused exactly when it closes a circle', () => {
  const edge = fc.tuple(fc.nat({ max: 39 }), fc.nat({ max: 39 }));
  fc.assert(
    fc.property(fc.array(edge, { minLength: 50, maxLength: 300 }), (edges) => {
      const manager = new UnitManager({ now: () => 0 });
      const accepted = new Map<number, Set<number>>();
      for (let unit = 0; unit < 40; unit += 1) {
        manager.register(String(unit));
        accepted.set(unit, new Set());
      }
      const reaches = (from: number, to: number): boolean => {
        const seen = new Set([from]);
        for (const node of seen) for (const next of accepted.get(node) ?? []) seen.add(next);
        return seen.has(to);
      };
      for (const [from, to] of edges) {
        const step: Operation = {
          do: 'depend',
          unit: String(from),
          on: [{ dependsOn: String(to), requires: 'completed' }],
        };
        const closes = reaches(to, from);
        expect(answerOf(manager, step)).toBe(closes ? 'cycle' : null);
        if (!closes) accepted.get(from)?.add(to);
      }
    }),
    { numRuns: 300 },
  );
});
