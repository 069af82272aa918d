import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openrpcDocument } from '../scripts/openrpc-document.ts';

test('openrpc.json is what the table of methods says; `pnpm generate` writes it', () => {
  const published: unknown = JSON.parse(readFileSync(new URL('../openrpc.json', import.meta.url), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(openrpcDocument())));
});
