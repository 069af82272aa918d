import { expect, test } from 'vitest';
import { nearest } from '../src/nearest.ts';

const commands = ['ping', 'run', 'want', 'start', 'complete', 'fail', 'wait', 'status', 'list', 'why', 'lock', 'watch'];

test.each([
  ['lsit', 'list'],
  ['complet', 'complete'],
  ['wai', 'wait'],
  ['stat', 'status'],
])('of "%s" the first guess is "%s"', (word, meant) => {
  expect(nearest(word, commands)[0]).toBe(meant);
});

test('nothing is like a word of which every letter differs', () => {
  expect(nearest('zz', commands)).toEqual([]);
});
