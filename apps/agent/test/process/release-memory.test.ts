import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const PROGRAM = `
  let later;
  globalThis.setTimeout = (callback) => { later = callback; return { unref() {} }; };
  const { releaseMemorySoon } = await import(process.argv[1]);
  const forgotten = new WeakRef({ some: 'garbage' });
  // What a WeakRef has given out lives until the end of the turn.
  await new Promise((resolve) => setImmediate(resolve));
  releaseMemorySoon({ debug: (facts) => { throw facts.err; } });
  later();
  console.log(JSON.stringify({
    forgotten: forgotten.deref() ?? null,
    gc: typeof globalThis.gc,
  }));
`;

test('garbage is collected once the time has come, and nobody else gets hold of the collector', () => {
  const module = new URL('../../src/process/release-memory.ts', import.meta.url).href;
  const args = ['--conditions=@muster/source', '--input-type=module', '-e', PROGRAM, module];
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  expect(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env }))).toEqual({
    forgotten: null,
    gc: 'undefined',
  });
});

const FAILING = `
  import { syncBuiltinESMExports } from 'node:module';
  import vm from 'node:vm';
  const { runInNewContext } = vm;
  vm.runInNewContext = () => { throw new Error('no context'); };
  syncBuiltinESMExports();
  let later;
  globalThis.setTimeout = (callback) => { later = callback; return { unref() {} }; };
  const { releaseMemorySoon } = await import(process.argv[1]);
  let said;
  releaseMemorySoon({ debug: (facts) => { said = facts.err.message; } });
  later();
  console.log(JSON.stringify({ said, gc: runInNewContext('typeof gc') }));
`;

test('nor does anybody where it fails', () => {
  const module = new URL('../../src/process/release-memory.ts', import.meta.url).href;
  const args = ['--conditions=@muster/source', '--input-type=module', '-e', FAILING, module];
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  expect(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env }))).toEqual({
    said: 'no context',
    gc: 'undefined',
  });
});
