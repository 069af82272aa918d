import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { UnitManager } from '@muster/unit';
import { expect, test } from 'vitest';
import type { AgentLog } from '../src/log/agent-log.ts';
import { RunTimes } from '../src/run-times.ts';
import { TemporaryDirectory } from './support/temporary-directory.ts';

/** Units whose runs take as long as they are told to, and a log of warnings. */
class Life implements Disposable {
  readonly units: UnitManager;
  readonly times: RunTimes;
  readonly warnings: string[] = [];
  #now = 0;

  constructor(path: string) {
    const silent = (): void => {};
    const warn = (_facts: object, message: string): void => void this.warnings.push(message);
    const log = { debug: silent, info: silent, warn, error: silent } as unknown as AgentLog;
    this.units = new UnitManager({ now: () => this.#now });
    this.times = new RunTimes(this.units, { path, log });
  }

  run(unit: string, ms: number, outcome: 'succeeded' | 'failed' = 'succeeded'): void {
    if (this.units.find(unit) === null) this.units.register(unit);
    this.units.start(unit);
    this.#now += ms;
    this.units.complete(unit, { outcome });
  }

  [Symbol.dispose](): void {
    this.times[Symbol.dispose]();
  }
}

test('a unit is expected to take the median of its latest nine runs that succeeded', () => {
  using directory = new TemporaryDirectory();
  using life = new Life(directory.file('times'));
  expect(life.times.expectedMs('a')).toBeNull();
  life.run('a', 5_000, 'failed');
  expect(life.times.expectedMs('a')).toBeNull();
  for (const ms of [100, 900, 200]) life.run('a', ms);
  expect(life.times.expectedMs('a')).toBe(200);
  for (let count = 0; count < 9; count += 1) life.run('a', 40);
  expect(life.times.expectedMs('a')).toBe(40);
});

test('what was completed without a start says nothing, and a clock that is set back no less than nothing', () => {
  using directory = new TemporaryDirectory();
  using life = new Life(directory.file('times'));
  life.units.register('a');
  life.units.complete('a');
  expect(life.times.expectedMs('a')).toBeNull();
  life.run('a', -50);
  expect(life.times.expectedMs('a')).toBe(0);
});

test('a later life knows it, also of names that are hostile to objects', () => {
  using directory = new TemporaryDirectory();
  const path = directory.file('times');
  {
    using life = new Life(path);
    life.run('__proto__', 70);
    life.run('a', 30);
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory.path)).toEqual(['times']);
  using life = new Life(path);
  expect([life.times.expectedMs('__proto__'), life.times.expectedMs('a')]).toEqual([70, 30]);
});

test.each([
  '',
  '{',
  '[]',
  '{"version":2,"units":[]}',
  '{"version":1,"units":[["a",["7"]]]}',
  '{"version":1,"units":[["a",[]]]}',
])('a damaged file is told of and replaced: %s', (text) => {
  using directory = new TemporaryDirectory();
  const path = directory.file('times');
  writeFileSync(path, text);
  using life = new Life(path);
  expect(life.warnings).toEqual(['the file with the times of earlier runs is damaged; it is begun anew']);
  life.run('a', 30);
  life.times.save();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ version: 1, units: [['a', [30]]] });
});

test('times that can not be kept cost only a warning', () => {
  using directory = new TemporaryDirectory();
  const path = directory.file('times');
  mkdirSync(path);
  chmodSync(path, 0o700);
  using life = new Life(path);
  life.run('a', 30);
  life.times.save();
  expect(life.warnings).toEqual([
    'the times of earlier runs can not be read',
    'the times of runs can not be kept: the next start has no estimates',
  ]);
  expect(readdirSync(directory.path)).toEqual(['times']);
});
