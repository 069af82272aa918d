import { describe, expect, test } from 'vitest';
import { depend, managerWith, refusal, stateOf } from './support/units.ts';

function needs(...names: string[]): { dependsOn: string; requires: 'completed' }[] {
  return names.map((dependsOn) => ({ dependsOn, requires: 'completed' }));
}

describe('addDependencies', () => {
  test('a needs the start of b: satisfied when b starts, and still when b completes', () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'a', 'b', 'started');
    expect([manager.readiness('a'), manager.readiness('b')]).toEqual(['waiting', 'runnable']);
    manager.start('b');
    expect(manager.readiness('a')).toBe('runnable');
    manager.complete('b', { outcome: 'failed' });
    expect(manager.readiness('a')).toBe('runnable');
  });

  test('only the dependent must be registered', () => {
    const manager = managerWith('b');
    expect(refusal(() => depend(manager, 'a', 'b'))).toMatchObject({
      code: 'unknown_unit',
      message: 'unit "a" is not registered. Register it first, or correct its name.',
      facts: { unit: 'a' },
    });
    expect(manager.find('a')).toBeNull();
    depend(manager, 'b', 'later', 'started');
    expect(refusal(() => manager.start('later')).code).toBe('unknown_unit');
    manager.register('later');
    expect(manager.readiness('b')).toBe('waiting');
    manager.start('later');
    expect(manager.readiness('b')).toBe('runnable');
  });

  test('with `register` an unknown dependent is registered in the same step', () => {
    const manager = managerWith('db');
    const types: string[] = [];
    manager.subscribe(({ type }) => {
      types.push(type);
      // Nobody ever sees the unit registered and still without its dependencies.
      expect(manager.dependencies('app')).toHaveLength(2);
    });
    manager.addDependencies('app', needs('db', 'net'), { register: true });
    manager.addDependencies('net', needs('db'), { register: true });
    expect(types).toEqual(['registered', 'dependency_set', 'dependency_set', 'registered', 'dependency_set']);
    expect([manager.find('app')?.status, manager.find('net')?.status]).toEqual(['pending', 'pending']);
    const { seq } = manager;
    manager.addDependencies('net', needs('db'), { register: true });
    expect(manager.seq).toBe(seq);
  });

  test.each([
    ['new', ['db', 'new'], ['new', 'new']],
    ['named', ['db', 'top'], ['named', 'top', 'named']],
  ])('with `register` a %s dependent that would wait for itself stays as unknown as it was', (unit, names, path) => {
    const manager = managerWith('db', 'top');
    depend(manager, 'top', 'named');
    const before = stateOf(manager);
    const refused = refusal(() => manager.addDependencies(unit, needs(...names), { register: true }));
    expect(refused).toMatchObject({ code: 'cycle', facts: { path } });
    expect(stateOf(manager)).toEqual(before);
    const invalid = refusal(() => manager.addDependencies(unit, needs('db', ''), { register: true }));
    expect(invalid.code).toBe('invalid_unit_id');
    expect(stateOf(manager)).toEqual(before);
  });

  test('a unit with several dependencies needs all of them, each with its own requirement', () => {
    const manager = managerWith('app', 'db', 'net', 'lint');
    depend(manager, 'app', 'db', 'succeeded');
    depend(manager, 'app', 'net', 'started');
    depend(manager, 'app', 'lint', 'completed');
    manager.start('net');
    manager.start('lint');
    manager.complete('lint', { outcome: 'failed' });
    expect(manager.readiness('app')).toBe('waiting');
    manager.start('db');
    manager.complete('db');
    expect(manager.readiness('app')).toBe('runnable');
  });

  test('a chain is released link by link', () => {
    const manager = managerWith('a', 'b', 'c');
    depend(manager, 'a', 'b', 'started');
    depend(manager, 'b', 'c', 'completed');
    expect(manager.list().map(({ ready }) => ready)).toEqual([false, false, true]);
    manager.complete('c');
    expect(manager.list().map(({ ready }) => ready)).toEqual([false, true, true]);
    manager.start('b');
    expect(manager.list().map(({ ready }) => ready)).toEqual([true, true, true]);
    expect(manager.find('a')).toMatchObject({ status: 'pending' });
  });

  test('a diamond needs both sides', () => {
    const manager = managerWith('a', 'b', 'c', 'd');
    depend(manager, 'd', ['b', 'c']);
    depend(manager, 'b', 'a');
    depend(manager, 'c', 'a');
    manager.complete('a');
    manager.complete('b');
    expect(manager.readiness('d')).toBe('waiting');
    manager.complete('c');
    expect(manager.readiness('d')).toBe('runnable');
  });

  test('the same edge again changes nothing, with another requirement it replaces the requirement', () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'a', 'b', 'completed');
    const { seq } = manager;
    depend(manager, 'a', 'b', 'completed');
    expect(manager.seq).toBe(seq);
    manager.start('b');
    depend(manager, 'a', 'b', 'started');
    expect(manager.dependencies('a')).toMatchObject([{ dependsOn: 'b', requires: 'started', satisfied: true }]);
    expect(manager.readiness('a')).toBe('runnable');
    depend(manager, 'a', 'b', 'succeeded');
    expect(manager.readiness('a')).toBe('waiting');
  });

  test('of a name given twice in one call the last requirement holds', () => {
    const manager = managerWith('a');
    manager.addDependencies('a', [
      { dependsOn: 'b', requires: 'started' },
      { dependsOn: 'b', requires: 'succeeded' },
    ]);
    expect(manager.dependencies('a')).toMatchObject([{ dependsOn: 'b', requires: 'succeeded' }]);
  });

  test('several edges are all added or none', () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'b', 'a');
    const before = stateOf(manager);
    expect(refusal(() => depend(manager, 'a', ['new', 'b'])).code).toBe('cycle');
    expect(stateOf(manager)).toEqual(before);
    expect(manager.find('new')).toBeNull();
  });

  test('after the start they count from the next start on', () => {
    const manager = managerWith('a', 'b');
    manager.start('a');
    depend(manager, 'a', 'b');
    expect(manager.find('a')).toMatchObject({ status: 'started', ready: false });
    manager.complete('a');
    expect(refusal(() => manager.start('a')).code).toBe('not_ready');
    manager.complete('b');
    expect(manager.start('a')).toBe(2);
  });

  test('a requirement that is none is refused', () => {
    const manager = managerWith('a', 'b');
    expect(refusal(() => depend(manager, 'a', 'b', 'healthy' as never))).toMatchObject({
      code: 'invalid_requirement',
      message: '"healthy" is not a requirement. Use one of started, completed, succeeded.',
    });
    expect(manager.dependencies('a')).toEqual([]);
  });
});

describe('cycles', () => {
  test('are refused with the whole path', () => {
    const manager = managerWith('a', 'b', 'c', 'd');
    depend(manager, 'a', 'b');
    depend(manager, 'b', 'c');
    depend(manager, 'c', 'd');
    const before = stateOf(manager);
    const error = refusal(() => depend(manager, 'd', 'a'));
    expect(error.code).toBe('cycle');
    expect(error.facts.path).toEqual(['d', 'a', 'b', 'c', 'd']);
    expect(error.message).toBe(
      'unit "d" would wait for itself: "d" → "a" → "b" → "c" → "d". Leave out one of these dependencies.',
    );
    expect(stateOf(manager)).toEqual(before);
  });

  test.each([
    [10, '"u9" → "u0" → "u1" → "u2" → "u3" → "u4" → "u5" → "u6" → "u7" → "u8" → "u9"'],
    [11, '"u10" → "u0" → "u1" → "u2" → "u3" → 1 more → "u5" → "u6" → "u7" → "u8" → "u9" → "u10"'],
    [
      5000,
      '"u4999" → "u0" → "u1" → "u2" → "u3" → 4990 more → "u4994" → "u4995" → "u4996" → "u4997" → "u4998" → "u4999"',
    ],
  ])('of %i units are named whole in the facts, and in a sentence that one can read', (size, circle) => {
    const units = Array.from({ length: size }, (_, index) => `u${index}`);
    const manager = managerWith(...units);
    for (let index = 1; index < size; index += 1) depend(manager, `u${index - 1}`, `u${index}`);
    const error = refusal(() => depend(manager, `u${size - 1}`, 'u0'));
    expect(error.facts.path).toEqual([`u${size - 1}`, ...units]);
    expect(error.message).toBe(
      `unit "u${size - 1}" would wait for itself: ${circle}. Leave out one of these dependencies.`,
    );
  });

  test('a unit cannot depend on itself', () => {
    const manager = managerWith('a');
    expect(refusal(() => depend(manager, 'a', 'a')).facts.path).toEqual(['a', 'a']);
  });

  test('of fifty edges that would close a circle all are refused and the graph stays valid', () => {
    const units = Array.from({ length: 51 }, (_, index) => `u${index}`);
    const manager = managerWith(...units);
    for (let index = 0; index < 50; index += 1) depend(manager, `u${index}`, `u${index + 1}`);
    for (let index = 1; index <= 50; index += 1)
      expect(refusal(() => depend(manager, `u${index}`, 'u0')).code).toBe('cycle');
    for (const unit of units.toReversed()) manager.complete(unit);
    expect(manager.list().every(({ status }) => status === 'completed')).toBe(true);
  });

  test('a circle through edges of different requirements is one too', () => {
    const manager = managerWith('a', 'b');
    depend(manager, 'a', 'b', 'started');
    expect(refusal(() => depend(manager, 'b', 'a', 'succeeded')).code).toBe('cycle');
  });

  test('a path of a circle is made of edges that exist, and of the new one', () => {
    const manager = managerWith(...Array.from({ length: 30 }, (_, index) => String(index)));
    for (let unit = 1; unit < 30; unit += 1)
      depend(manager, String(unit), [String(unit - 1), String(Math.floor(unit / 2))]);
    const path = refusal(() => depend(manager, '0', '29')).facts.path ?? [];
    expect(path.slice(0, 2)).toEqual(['0', '29']);
    expect(path.at(-1)).toBe('0');
    for (const [index, unit] of path.slice(1, -1).entries()) {
      expect(manager.dependencies(unit).map((edge) => edge.dependsOn)).toContain(path[index + 2]);
    }
  });
});

describe('questions', () => {
  test('dependencies are sorted and tell what each has come to', () => {
    const manager = managerWith('app', 'db');
    depend(manager, 'app', ['net', 'db', 'cache']);
    manager.complete('db', { outcome: 'failed' });
    expect(manager.dependencies('app')).toEqual([
      { unit: 'app', dependsOn: 'cache', requires: 'completed', status: null, outcome: null, satisfied: false },
      { unit: 'app', dependsOn: 'db', requires: 'completed', status: 'completed', outcome: 'failed', satisfied: true },
      { unit: 'app', dependsOn: 'net', requires: 'completed', status: null, outcome: null, satisfied: false },
    ]);
    expect(manager.evaluate('app')).toMatchObject({
      readiness: 'waiting',
      unmet: [{ dependsOn: 'cache' }, { dependsOn: 'net' }],
    });
  });

  test('dependents are sorted, whatever they require', () => {
    const manager = managerWith('c', 'a', 'b');
    depend(manager, 'c', 'db', 'started');
    depend(manager, 'a', 'db', 'succeeded');
    depend(manager, 'b', 'db');
    expect(manager.dependents('db').map(({ unit, requires }) => [unit, requires])).toEqual([
      ['a', 'succeeded'],
      ['b', 'completed'],
      ['c', 'started'],
    ]);
  });

  test.each(['readiness', 'evaluate', 'dependencies', 'dependents'] as const)(
    '%s of an unknown name is an error',
    (question) => {
      expect(refusal(() => managerWith('a')[question]('b')).code).toBe('unknown_unit');
    },
  );

  test('a list is sorted by name or by registration, and later changes do not reach it', () => {
    const manager = managerWith('b', 'a');
    const list = manager.list();
    manager.start('a');
    expect(list.map(({ unit, status }) => [unit, status])).toEqual([
      ['a', 'pending'],
      ['b', 'pending'],
    ]);
    expect(manager.list('registration').map(({ unit }) => unit)).toEqual(['b', 'a']);
  });
});
