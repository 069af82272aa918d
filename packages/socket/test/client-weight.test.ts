import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROGRAM = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  await import(process.argv[1]);
  console.log(JSON.stringify(loaded));
`;

test('the client loads node:net and a few modules of its own: no validator, no unit manager, no server', () => {
  const entry = new URL('../src/client/index.ts', import.meta.url).href;
  const args = ['--conditions=@muster/source', '--input-type=module', '-e', PROGRAM, entry];
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const loaded: string[] = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env }));
  const source = new URL('../src/', import.meta.url).href;
  const names = loaded
    .filter((url) => url !== entry)
    .map((url) => (url.startsWith(source) ? url.slice(source.length) : url));
  expect([...new Set(names)].sort()).toEqual([
    'client/ask-why.ts',
    'client/client-error.ts',
    'client/connect.ts',
    'client/rpc-error.ts',
    'client/sync-client.ts',
    'frame-splitter.ts',
    'node:fs',
    'node:net',
    'node:path',
    'path/socket-path.ts',
    'protocol/error-codes.ts',
    'protocol/version.ts',
  ]);
  expect(fileURLToPath(entry)).toContain('client');
});
