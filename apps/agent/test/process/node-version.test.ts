import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { oldNode } from '../../src/process/node-version.ts';

test('versions below that of package.json are refused, with the reason', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    engines: { node: string };
  };
  const oldest = engines.node.replace('>=', '');
  expect([oldNode(`${oldest}.0`), oldNode(process.versions.node), oldNode('100.0.0')]).toEqual([null, null, null]);
  expect(oldNode('20.19.4')).toBe(
    `muster-agent: it needs Node ${oldest} or newer, and this is Node 20.19.4\nRun it with a newer Node.\n`,
  );
  expect(oldNode('22.17.9')).not.toBeNull();
});
