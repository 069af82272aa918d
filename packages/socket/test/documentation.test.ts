import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { methods, notifications, PROTOCOL_VERSION, WIRE_ERROR_CODES } from '../src/protocol/index.ts';
import { resolveLimits } from '../src/server/limits.ts';

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
const lines = page.split('\n').filter((line) => /^[<>] \{/.test(line));
const messages = lines.map((line) => ({ isSent: line.startsWith('>'), message: JSON.parse(line.slice(2)) }));
const sent = messages.filter(({ isSent }) => isSent).map(({ message }) => message);
const received = messages.filter(({ isSent }) => !isSent).map(({ message }) => message);

/** Unknown fields of an example are mistakes, though clients ignore them. */
function strictly(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject ? schema.strict() : schema;
}

test('every method has a heading, a request that is valid and an answer that is valid', () => {
  for (const [name, { params, result }] of Object.entries(methods)) {
    expect(page).toContain(`\n### ${name}\n`);
    const request = sent.find(({ method }) => method === name);
    params.parse(request?.params ?? {});
    const answer = received.find(({ id }) => id === request?.id && id !== undefined);
    strictly(result).parse(answer?.result);
  }
  expect(page.match(/^### .*$/gm)).toHaveLength(Object.keys(methods).length);
});

test('every notification has a row and an example that is valid', () => {
  for (const [name, { params }] of Object.entries(notifications)) {
    expect(page).toContain(`\n| \`${name}\` |`);
    const examples = received.filter(({ method }) => method === name);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) strictly(params).parse(example.params);
  }
});

test('the table of errors is exactly the table of the code', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (-\d+) \|/gm)].map(([, word, number]) => [word, Number(number)]);
  expect(Object.fromEntries(rows)).toEqual(WIRE_ERROR_CODES);
});

test('the version and the limits are those of the code', () => {
  const { frameBytes, frameMs, requestsInFlight } = resolveLimits();
  expect(page).toContain(`the \`protocol\`, now ${PROTOCOL_VERSION}.`);
  expect(page).toContain(`| ${frameBytes.toLocaleString('en')} bytes`);
  expect(page).toContain(`| ${frameMs / 1_000} s,`);
  expect(page).toContain(`| waiting requests of one connection | ${requestsInFlight} |`);
});
