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
