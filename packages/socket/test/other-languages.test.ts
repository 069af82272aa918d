import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Child } from './support/processes.ts';
import { UnixServer } from './support/unix-server.ts';

// The clients are those of docs/protocol.md, word for word.
const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text = '']) => ({
  language,
  text,
}));

function isInstalled(command: string): boolean {
  const { status } = spawnSync('sh', ['-c', `command -v ${command}`]);
  if (status !== 0) process.stderr.write(`SKIPPED: there is no ${command} on this machine.\n`);
  return status === 0;
}

function example(language: string, word: string): string {
  const block = blocks.find((candidate) => candidate.language === language && candidate.text.includes(word));
  if (block === undefined) throw new Error(`docs/protocol.md has no ${language} example with ${word}`);
  return block.text;
}

function withSocket(path: string, command: string, args: readonly string[]): [string, string[]] {
  return ['env', [`MUSTER_SOCKET=${path}`, command, ...args]];
}

describe.skipIf(!isInstalled('python3'))('python3 with its standard library', () => {
  test('declares a dependency, waits for it, and starts', async () => {
    await using server = await UnixServer.open();
    await using child = new Child(
      ...withSocket(server.path, 'python3', ['-u', '-c', example('python', 'import json')]),
    );
    expect(await child.line()).toContain("'dependsOn': 'database'");
    expect(server.units.find('tests')?.status).toBe('pending');
    server.units.register('database');
    server.units.complete('database');
    expect(await child.line()).toContain("'run': 1");
    await child.exited;
    expect(server.units.find('tests')?.status).toBe('started');
  }, 20_000);

  test('gets an error as its word and its message', async () => {
    await using server = await UnixServer.open();
    server.units.register('tests');
    server.units.register('database');
    server.units.addDependencies('database', [{ dependsOn: 'tests', requires: 'completed' }]);
    const program = example('python', 'import json')
      .replace('print(', 'try:\n    print(')
      .replace(/\nprint\([\s\S]*/, '\nexcept RuntimeError as error:\n    print(error)\n');
    await using child = new Child(...withSocket(server.path, 'python3', ['-u', '-c', program]));
    expect(await child.line()).toMatch(/^cycle: unit "tests" would wait for itself/);
  }, 20_000);
});

describe.each([
  { command: 'nc', once: 'nc -NU', waiting: 'nc -NU' },
  { command: 'socat', once: 'socat - ', waiting: 'socat -t' },
])('$command', ({ command, once, waiting }) => {
  test.skipIf(!isInstalled(command))('asks from a shell and ends by itself', async () => {
    await using server = await UnixServer.open();
    server.units.register('größe');
    await using child = new Child(...withSocket(server.path, 'sh', ['-c', example('sh', once)]));
    const answer = JSON.parse((await child.line()) ?? '');
    expect(answer).toMatchObject({ id: 1, result: { units: [{ unit: 'größe', status: 'pending' }] } });
    expect(await child.line()).toBeNull();
    await child.exited;
    expect(child.process.exitCode).toBe(0);
  });

  test.skipIf(!isInstalled(command))(
    'waits for a start after the end of its input, and ends with the answer',
    async () => {
      await using server = await UnixServer.open();
      server.units.addDependencies('tests', [{ dependsOn: 'database', requires: 'completed' }], { register: true });
      const request = { jsonrpc: '2.0', id: 1, method: 'sync.start', params: { unit: 'tests', progress: true } };
      const program = example('sh', waiting).replace(/'\{.*\}'/, `'${JSON.stringify(request)}'`);
      await using child = new Child(...withSocket(server.path, 'sh', ['-c', program]));
      expect(await child.line()).toContain('sync.waiting');
      server.units.register('database');
      server.units.complete('database');
      expect(JSON.parse((await child.line()) ?? '')).toMatchObject({ id: 1, result: { run: 1 } });
      expect(await child.line()).toBeNull();
      await child.exited;
      expect(child.process.exitCode).toBe(0);
    },
  );
});
