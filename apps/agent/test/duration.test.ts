import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, MAX_DURATION_MS, parseDuration } from '../src/duration.ts';

test('durations are sums of hours, minutes, seconds and milliseconds', () => {
  const texts = ['0', '30s', '5m', '1h30m', '1h1m1s1ms', '500ms', '90m', '0s'];
  expect(texts.map(parseDuration)).toEqual([0, 30_000, 300_000, 5_400_000, 3_661_001, 500, 5_400_000, 0]);
});

test('everything else is none', () => {
  const texts = ['', '5', '5 m', '-5s', '1.5h', '5d', 's', '30s5m', '5m5m', ' 5m', '5M', '1e3s', '600h', '٣s'];
  expect(texts.map(parseDuration)).toEqual(texts.map(() => null));
});

test('whole seconds come back as they went', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60, max: Math.floor(MAX_DURATION_MS / 1000) }), (seconds) => {
      expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000);
    }),
  );
});

test('short times keep a digit', () => {
  expect([0, 12.4, 999, 1000, 1250, 59_940, 60_000, 5_400_000].map(formatDuration)).toEqual([
    '0ms',
    '12ms',
    '999ms',
    '1s',
    '1.3s',
    '59.9s',
    '1m',
    '1h30m',
  ]);
});
