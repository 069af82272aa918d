import fc from 'fast-check';
import { expect, test } from 'vitest';
import { methods, WIRE_ERROR_CODES } from '../src/protocol/index.ts';
import { Loopback, settle } from './support/loopback.ts';

const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', '', 'x\n', '\ud800', 'é'.repeat(300));
const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), name, fc.array(name, { maxLength: 4 }));

/** Close to a request, so that most of it gets past the first checks. */
const almostParams = fc.record(
  {
    unit: fc.oneof({ weight: 4, arbitrary: name }, { weight: 1, arbitrary: anything }),
    dependsOn: fc.oneof({ weight: 4, arbitrary: fc.array(name, { maxLength: 3 }) }, { weight: 1, arbitrary: anything }),
    requires: fc.oneof(fc.constantFrom('started', 'completed', 'succeeded'), anything),
    wait: fc.oneof(fc.boolean(), anything),
    timeoutMs: fc.oneof(fc.constantFrom(1, 0, 2 ** 40), anything),
    progress: fc.boolean(),
    outcome: fc.oneof(fc.constantFrom('succeeded', 'failed'), anything),
    exitCode: fc.oneof(fc.integer({ min: -1, max: 256 }), anything),
    since: fc.oneof(fc.nat(50), anything),
    id: fc.oneof(fc.nat(5), anything),
  },
  { requiredKeys: [] },
);

/** The fields that a method takes, out of all. */
const request = fc
  .tuple(fc.constantFrom(...Object.keys(methods), 'toString', 'no.such'), almostParams, fc.boolean())
  .map(([method, params, isExact]) => {
    const fields = Object.hasOwn(methods, method)
      ? Object.keys(methods[method as keyof typeof methods].params.shape)
      : [];
    const kept = Object.entries(params).filter(([field]) => !isExact || fields.includes(field));
    return { method, params: Object.fromEntries(kept) };
  });

function isKnownError(error: { code: number; message: string; data: { code: string } }): boolean {
  const word = error.data.code as keyof typeof WIRE_ERROR_CODES;
  return WIRE_ERROR_CODES[word] === error.code && word !== 'internal_error' && error.message !== '';
}

test('every request of any shape gets exactly one answer, which is a result or an error of the table', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 30 }), async (requests) => {
      await using loopback = new Loopback();
      const client = loopback.raw();
      const expected = new Set<number | string>(requests.keys());
      for (const [id, { method, params }] of requests.entries()) client.request({ id, method, params });
      // A start that waits for ever is answered too, when it is given up.
      for (const id of requests.keys()) {
        expected.add(`cancel ${id}`);
        client.request({ id: `cancel ${id}`, method: 'cancel', params: { id } });
      }
      while (expected.size > 0) {
        const message = await client.message();
        if ('method' in message) continue;
        expect(expected.delete(message.id)).toBe(true);
        if ('error' in message) expect(isKnownError(message.error)).toBe(true);
      }
      await settle();
      expect(client.take().filter((line) => 'id' in JSON.parse(line))).toEqual([]);
    }),
    { numRuns: 200 },
  );
}, 30_000);

test('any bytes are answered with errors, and hurt no other connection', async () => {
  await using loopback = new Loopback({ limits: { frameBytes: 200 } });
  const healthy = loopback.client();
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string().map((text) => new TextEncoder().encode(`${text}\n`)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { maxLength: 6 }), async (chunks) => {
      const client = loopback.raw();
      for (const chunk of chunks) client.stream.write(chunk);
      client.stream.end();
      for (let message = await client.message(); message !== null; message = await client.message()) {
        expect(isKnownError(message.error)).toBe(true);
      }
      expect(await healthy.call('sync.list', {})).toEqual({ units: [] });
    }),
    { numRuns: 200 },
  );
}, 30_000);
