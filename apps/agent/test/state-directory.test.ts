import { expect, test } from 'vitest';
import { stateDirectory } from '../src/state-directory.ts';

test('the option wins, then XDG_STATE_HOME, then the home', () => {
  const from = { env: { XDG_STATE_HOME: '/state', HOME: '/home/u' }, socketPath: '/run/agent.sock' };
  expect(stateDirectory({ ...from, flag: '/mine' })).toBe('/mine');
  expect(stateDirectory(from)).toMatch(/^\/state\/muster\/agent-[0-9a-f]{12}$/);
  expect(stateDirectory({ ...from, env: { HOME: '/home/u' } })).toMatch(/^\/home\/u\/.local\/state\/muster\/agent-/);
  expect(stateDirectory({ ...from, env: { XDG_STATE_HOME: 'relative', HOME: '/home/u' } })).toMatch(/^\/home\/u\//);
});

test('agents with different sockets have different directories', () => {
  const of = (socketPath: string) => stateDirectory({ env: { HOME: '/h' }, socketPath });
  expect(of('/a/agent.sock')).not.toBe(of('/b/agent.sock'));
  expect(of('/a/agent.sock')).toBe(of('/a/agent.sock'));
});
