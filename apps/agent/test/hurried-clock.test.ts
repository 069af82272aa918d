import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HurriedClock } from '../src/hurried-clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('waits end when they are due', () => {
  const due = vi.fn();
  new HurriedClock().schedule(due, 1000);
  vi.advanceTimersByTime(999);
  expect(due).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(due).toHaveBeenCalledOnce();
});

test('a hurried clock ends what waits, and what will wait, after a hundredth of the time', () => {
  const [before, after] = [vi.fn(), vi.fn()];
  const clock = new HurriedClock();
  clock.schedule(before, 10_000);
  clock.hurry();
  clock.schedule(after, 5000);
  vi.advanceTimersByTime(50);
  expect([before.mock.calls.length, after.mock.calls.length]).toEqual([0, 1]);
  vi.advanceTimersByTime(50);
  expect(before).toHaveBeenCalledOnce();
});

test('a wait that was given up never ends, hurried or not', () => {
  const due = vi.fn();
  const clock = new HurriedClock();
  clock.schedule(due, 1000)[Symbol.dispose]();
  clock.hurry();
  vi.advanceTimersByTime(10_000);
  expect(due).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
