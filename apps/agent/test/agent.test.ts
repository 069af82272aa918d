import { existsSync } from 'node:fs';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Agent } from '../src/agent.ts';
import { parseManifest } from '../src/manifest/manifest.ts';
import { TemporaryDirectory } from './support/temporary-directory.ts';

test('an agent that is told to stop before it starts runs nothing, not even stop scripts', async () => {
  using directory = new TemporaryDirectory();
  const scripts =
    'a: { run: touch ran }\n  bye: { run: touch ran, on: stop }\n  tick: { run: touch ran, cron: "* * * * * *" }';
  const states: unknown[] = [];
  const agent = new Agent({
    manifest: parseManifest(directory.file('w.yaml'), `version: 1\nscripts:\n  ${scripts}\n`),
    socket: { path: directory.file('run/a.sock'), source: 'flag' },
    stateDir: directory.file('state'),
    stopTimeoutMs: 0,
    log: pino({ base: null }, { write: (line) => void states.push((JSON.parse(line) as { state?: string }).state) }),
    version: '0.0.0',
    env: process.env,
    onTable: () => undefined,
  });
  agent.stop('SIGTERM');
  expect(await agent.run()).toBe(0);
  expect(states.filter(Boolean)).toEqual(['shutting_down', 'off']);
  expect([existsSync(directory.file('ran')), existsSync(directory.file('run/a.sock'))]).toEqual([false, false]);
});
