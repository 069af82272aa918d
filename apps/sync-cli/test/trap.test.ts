import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { TestAgent } from './support/agent.ts';
import { BuiltMuster } from './support/built.ts';
import { ended } from './support/process.ts';

// Each starts several processes.
vi.setConfig({ testTimeout: 30_000 });

let muster: BuiltMuster;
let agent: TestAgent;
beforeAll(async () => {
  muster = await BuiltMuster.build();
});
afterAll(() => muster[Symbol.asyncDispose]());
beforeEach(async () => {
  agent = await TestAgent.listen();
  for (const unit of ['db', 'cache', 'database']) {
    agent.units.register(unit);
    agent.units.complete(unit);
  }
});
afterEach(() => agent[Symbol.asyncDispose]());

/** The first block of a page that sets a trap, as it stands. */
function idiom(page: string): string {
  const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
  return (blocks.find((block) => block.includes('EXIT')) ?? '').replace('./run-migrations\n', '');
}

/** Runs the lines and then something that takes long, in a process group of its own. */
function begin(shell: string, lines: string, work: string) {
  return spawn(shell, ['-c', `muster() { ${muster.words.join(' ')} "$@"; }\n${lines}\n${work}`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, MUSTER_SOCKET: agent.socket },
  });
}

const PAGES = ['docs/command.md', 'README.md', 'apps/sync-cli/README.md'];
/** It says that it is there as a process, so that no signal comes before it. */
const LONG = `sh -c 'echo up; exec sleep 60'; true`;

describe.each(['bash', 'sh'])('the lines of the documentation in %s', (shell) => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('report %s as a failure', async (signal, exitCode) => {
    for (const page of PAGES) {
      const child = begin(shell, idiom(page), LONG);
      const end = ended(child);
      await new Promise<void>((resolve) => {
        child.stdout.on('data', (text: string) => text.includes('up\n') && resolve());
      });
      expect(agent.units.find('api')?.status, page).toBe('started');
      process.kill(-Number(child.pid), signal);
      expect((await end).code, page).toBe(exitCode);
      expect(agent.units.find('api')?.completion, page).toMatchObject({ outcome: 'failed', exitCode });
    }
  });

  test('leave no unit started after kill -9', async () => {
    const child = begin(shell, idiom('docs/command.md'), LONG);
    const closed = once(child, 'close');
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.includes('up\n') && resolve());
    });
    process.kill(-Number(child.pid), 'SIGKILL');
    await closed;
    await vi.waitFor(() => expect(agent.units.find('api')?.completion).toMatchObject({ outcome: 'failed' }), 10_000);
  });

  test('report the exit code of a script that ends by itself', async () => {
    for (const exitCode of [0, 7]) {
      await ended(begin(shell, idiom('docs/command.md'), `exit ${exitCode}`));
      const outcome = exitCode === 0 ? 'succeeded' : 'failed';
      expect(agent.units.find('api')?.completion).toMatchObject({ outcome, exitCode });
    }
  });

  test('do no work where the start is refused', async () => {
    agent.units.start('database');
    agent.units.complete('database', { outcome: 'failed' });
    const { code, stdout } = await ended(begin(shell, idiom('README.md'), 'echo worked'));
    expect(code).toBe(5);
    expect(stdout).not.toContain('worked');
    expect(agent.units.find('api')?.outcome).toBe('skipped');
  });
});

test('the help has the lines of the documentation', async () => {
  const { stdout } = await agent.run(['complete', '--help']);
  for (const line of ["trap 'muster complete db --exit-code $?' EXIT", "trap 'exit 129' HUP; trap 'exit 130' INT;"])
    expect(stdout).toContain(line);
});
