import { expect, test } from 'vitest';
import { StopSignals } from '../../src/process/stop-signals.ts';

test('signals that come before anybody listens are kept, in order', () => {
  const before = process.listenerCount('SIGTERM');
  const signals = new StopSignals();
  expect(process.listenerCount('SIGTERM')).toBe(before + 1);
  process.emit('SIGINT');
  process.emit('SIGTERM');
  const heard: string[] = [];
  signals.listen((signal) => heard.push(signal));
  process.emit('SIGHUP');
  expect(heard).toEqual(['SIGINT', 'SIGTERM', 'SIGHUP']);
});

test('a program that has nothing to stop leaves them to the system', () => {
  const before = process.listenerCount('SIGTERM');
  new StopSignals().release();
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
