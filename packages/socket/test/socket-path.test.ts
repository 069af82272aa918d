import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { defaultSocketPath, resolveSocketPath } from '../src/client/index.ts';
import { temporaryDirectory } from './support/temp-directory.ts';

test('the flag comes first, then MUSTER_SOCKET, then the runtime directory, then the cache', () => {
  using directory = temporaryDirectory();
  const env = { MUSTER_SOCKET: '/env.sock', XDG_RUNTIME_DIR: directory.path, HOME: '/home/me' };
  expect(resolveSocketPath({ flag: '/flag.sock', env })).toEqual({ path: '/flag.sock', source: 'flag' });
  expect(resolveSocketPath({ env })).toEqual({ path: '/env.sock', source: 'env' });
  expect(resolveSocketPath({ env: { ...env, MUSTER_SOCKET: '' } })).toEqual({
    path: join(directory.path, 'muster', 'agent.sock'),
    source: 'runtime_dir',
  });
  expect(resolveSocketPath({ env: { HOME: '/home/me' } })).toEqual({
    path: '/home/me/.cache/muster/run/agent.sock',
    source: 'cache_dir',
  });
});

test('the default leaves MUSTER_SOCKET out', () => {
  const env = { MUSTER_SOCKET: '/env.sock', HOME: '/home/me', XDG_CACHE_HOME: '/cache' };
  expect(defaultSocketPath(env)).toBe('/cache/muster/run/agent.sock');
});

test('a runtime directory that is not there, relative or a file is passed over', () => {
  using directory = temporaryDirectory();
  for (const runtime of [join(directory.path, 'gone'), 'relative', import.meta.filename]) {
    expect(resolveSocketPath({ env: { XDG_RUNTIME_DIR: runtime, HOME: '/h' } }).source).toBe('cache_dir');
  }
  mkdirSync(join(directory.path, 'there'));
  expect(resolveSocketPath({ env: { XDG_RUNTIME_DIR: join(directory.path, 'there') } }).source).toBe('runtime_dir');
});

test('relative paths count from the working directory; empty ones stay, to be refused', () => {
  expect(resolveSocketPath({ flag: 'run/agent.sock', env: {} }).path).toBe(resolve('run/agent.sock'));
  expect(resolveSocketPath({ flag: '', env: { MUSTER_SOCKET: '/env.sock' } })).toEqual({ path: '', source: 'flag' });
  expect(resolveSocketPath({ flag: '/some/directory/', env: {} }).path).toBe('/some/directory/');
});

test('without HOME the system is asked for it', () => {
  expect(defaultSocketPath({})).toBe(join(homedir(), '.cache/muster/run/agent.sock'));
});
