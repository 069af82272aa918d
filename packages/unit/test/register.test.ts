import { parseUnitId, UnitError } from '@muster/unit';
import { describe, expect, test } from 'vitest';
import { depend, managerWith, refusal, stateOf } from './support/units.ts';

describe('register', () => {
  test('a new unit is pending, ready and has no run', () => {
    const manager = managerWith('a');
    expect(manager.find('a')).toEqual({
      unit: 'a',
      status: 'pending',
      outcome: null,
      ready: true,
      run: 0,
      changedAt: 1,
      completion: null,
      owner: null,
      note: null,
    });
  });

  test('many units are all pending and ready', () => {
    const manager = managerWith('a', 'b', 'c');
    expect(manager.list().map(({ unit, status, ready }) => [unit, status, ready])).toEqual([
      ['a', 'pending', true],
      ['b', 'pending', true],
      ['c', 'pending', true],
    ]);
  });

  test('a duplicate is refused and resets nothing', () => {
    const manager = managerWith('a');
    manager.start('a');
    const before = stateOf(manager);
    expect(refusal(() => manager.register('a'))).toMatchObject({
      code: 'already_registered',
      message: 'unit "a" is registered already, and stays as it is. Choose another name.',
    });
    expect(stateOf(manager)).toEqual(before);
  });

  test('a unit that is only named is listed without a status, and is registered under the same name later', () => {
    const manager = managerWith('app');
    depend(manager, 'app', 'db');
    expect(manager.find('db')).toMatchObject({ status: null, ready: true, changedAt: null });
    manager.register('db');
    expect(manager.find('db')).toMatchObject({ status: 'pending' });
    expect(manager.readiness('app')).toBe('waiting');
  });

  test('nothing is known of a name that nobody has mentioned', () => {
    expect(managerWith().find('a')).toBeNull();
  });
});

describe('names', () => {
  test.each([
    'clone',
    'module.dev.coder_script.configure["main"]',
    '__proto__',
    'constructor',
    'größer 名前 🚀',
    ' ',
    '../x',
    'a'.repeat(256),
    '🚀'.repeat(256),
  ])('%j is a name', (text) => {
    const manager = managerWith(text);
    expect(manager.list()).toHaveLength(1);
    expect(manager.find(text)?.unit).toBe(text);
  });

  test.each([
    ['', `"" can't be the name of a unit: it is empty. Use 1 to 256 characters, none of them a control character.`],
    [
      'a\nb',
      `"a\\u{a}b" can't be the name of a unit: it has the control character U+000A. Use 1 to 256 characters, none of them a control character.`,
    ],
    [
      '\u009b31m',
      `"\\u{9b}31m" can't be the name of a unit: it has the control character U+009B. Use 1 to 256 characters, none of them a control character.`,
    ],
    [
      'a'.repeat(257),
      `"${'a'.repeat(40)}…" can't be the name of a unit: it is longer than 256 characters. Use 1 to 256 characters, none of them a control character.`,
    ],
    [
      'a'.repeat(10_000),
      `"${'a'.repeat(40)}…" can't be the name of a unit: it is longer than 256 characters. Use 1 to 256 characters, none of them a control character.`,
    ],
    [
      '\ud800',
      `"\\u{d800}" can't be the name of a unit: it is not well-formed Unicode. Use 1 to 256 characters, none of them a control character.`,
    ],
  ])('%j is refused with the reason', (text, message) => {
    expect(refusal(() => parseUnitId(text))).toMatchObject({ code: 'invalid_unit_id', message, facts: { unit: text } });
  });

  test('every operation refuses what is no name', () => {
    const manager = managerWith('a');
    const operations = [
      () => manager.register(''),
      () => manager.start(''),
      () => manager.complete(''),
      () => manager.find(''),
      () => manager.readiness(''),
      () => manager.evaluate(''),
      () => manager.dependencies(''),
      () => manager.dependents(''),
      () => manager.watch('', () => {}),
      () => depend(manager, '', 'a'),
      () => depend(manager, 'a', ''),
    ];
    for (const operation of operations) expect(refusal(operation).code).toBe('invalid_unit_id');
    expect(manager.seq).toBe(1);
  });

  test('a refusal is an Error with a name, for those who catch everything', () => {
    const error = refusal(() => parseUnitId(''));
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(UnitError);
    expect(error.name).toBe('UnitError');
  });
});
