import { expect, test } from 'vitest';
import { MANIFEST_LIMITS } from '../../src/manifest/limits.ts';
import { parseManifest } from '../../src/manifest/manifest.ts';
import { refusal } from '../support/refusal.ts';

test('as many scripts as the limit allows are accepted', () => {
  const scripts = Array.from({ length: 2000 }, (_, index) => `  s${index}: { run: x }`).join('\n');
  expect(parseManifest('m.yaml', `version: 1\nscripts:\n${scripts}\n`).scripts).toHaveLength(2000);
});

test('more keys than the limit are refused before they are looked at', () => {
  const keys = Array.from({ length: MANIFEST_LIMITS.keys + 2 }, (_, index) => `k${index}: 1`);
  expect(refusal(keys.join('\n'))).toContain('more than 10000 entries in one map or list');
  expect(refusal(`{${keys.join(',')}}`)).toContain('more than 10000 entries in one map or list');
});

test.each([
  ['flow lists', '['.repeat(500_000)],
  ['flow maps', '{a: '.repeat(200_000)],
  ['block lists', '- '.repeat(500_000)],
  ['explicit keys', '? '.repeat(500_000)],
  ['indentation', Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
])('nesting without end is refused: %s', (_, text) => {
  expect(refusal(text)).toContain('levels of nesting');
});

test('an alias bomb is refused', () => {
  const levels = Array.from(
    { length: 9 },
    (_, index) => `x-${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(', ')}]`,
  );
  expect(refusal(`x-0: &l0 [lol]\n${levels.join('\n')}\nversion: 1\nscripts: {}\n`)).toContain('aliases');
});

test('more aliases than the limit are refused', () => {
  const uses = Array.from({ length: MANIFEST_LIMITS.aliases + 1 }, () => '*a').join(', ');
  expect(refusal(`x-a: &a 1\nx-b: [${uses}]\nversion: 1\nscripts: {}\n`)).toContain('more than 100 aliases');
});
