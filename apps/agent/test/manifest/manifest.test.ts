import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { manifestJsonSchema } from '../../src/manifest/json-schema.ts';
import { parseManifest } from '../../src/manifest/manifest.ts';
import { MANIFEST_FIELDS, SCRIPT_FIELDS } from '../../src/manifest/script-fields.ts';

const parse = (text: string) => parseManifest('/ws/workspace.yaml', text);

test('a script has its defaults filled in', () => {
  expect(parse('version: 1\nscripts:\n  a: { run: echo }\n').scripts).toEqual([
    {
      id: 'a',
      displayName: 'a',
      script: 'echo',
      triggers: ['start'],
      shell: 'sh',
      cwd: '/ws',
      env: {},
      needs: [],
      after: [],
    },
  ]);
});

test('every field reaches the script', () => {
  const text = `version: 1
shell: bash
scripts:
  a:
    run: echo
    on: [start, stop]
    cron: "@daily"
    timezone: Europe/Berlin
    timeout: 1h30m
    log: logs/a.log
    cwd: sub
    env: { PORT: 8080, RATE: 1.10, ON: true, TEXT: "x" }
    shell: dash
    output: split
    address: module.a["x"]
    name: The first
  b: { run: echo, needs: a, after: ["module.a[\\"x\\"]"], timeout: 0 }
`;
  const [first, second] = parse(text).scripts;
  expect(first).toEqual({
    id: 'a',
    displayName: 'The first',
    resourceAddress: 'module.a["x"]',
    script: 'echo',
    triggers: ['start', 'stop', 'cron'],
    cron: '@daily',
    timezone: 'Europe/Berlin',
    timeoutMs: 5_400_000,
    logPath: '/ws/logs/a.log',
    cwd: '/ws/sub',
    env: { PORT: '8080', RATE: '1.10', ON: 'true', TEXT: 'x' },
    shell: 'dash',
    output: 'split',
    needs: [],
    after: [],
  });
  expect(second).toMatchObject({ needs: ['module.a["x"]'], after: ['module.a["x"]'], timeoutMs: 0, shell: 'bash' });
});

test('a script with a cron pattern and no trigger runs on schedule only', () => {
  expect(parse('version: 1\nscripts:\n  a: { run: echo, cron: "* * * * *" }\n').scripts[0]?.triggers).toEqual(['cron']);
});

test('scripts may be called like the inner workings of objects', () => {
  const { scripts } = parse(
    'version: 1\nscripts:\n  __proto__: { run: a }\n  constructor: { run: b, needs: __proto__ }\n  toString: { run: c }\n',
  );
  expect(scripts.map(({ id, script }) => [id, script])).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
    ['toString', 'c'],
  ]);
  expect(scripts[1]?.needs).toEqual(['__proto__']);
});

test('anchors, merges and keys of the author’s own work', () => {
  const { scripts } = parse(
    'version: 1\nx-common: &c\n  timeout: 5m\nscripts:\n  a:\n    <<: *c\n    run: echo\n    x-owner: me\n',
  );
  expect(scripts[0]).toMatchObject({ id: 'a', timeoutMs: 300_000 });
});

test('JSON is read like YAML', () => {
  expect(parse('{"version":1,"external":["db"],"scripts":{"a":{"run":"x","needs":["db"]}}}').scripts[0]?.needs).toEqual(
    ['db'],
  );
});

test('two scripts with one name are accepted with a warning', () => {
  const { planned, warnings } = parse('version: 1\nscripts:\n  a: { run: x, name: n }\n  b: { run: x, name: n }\n');
  expect(planned.map(({ unit }) => unit)).toEqual(['n', 'n#2']);
  expect(warnings).toMatchInlineSnapshot(`
    [
      "script "b": another script has the unit "n" already, so this one is "n#2"",
    ]
  `);
});

test('the JSON Schema that is kept in the repository is the one of the code', () => {
  const kept = readFileSync(new URL('../../manifest.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(kept), 'run: muster-agent schema > apps/agent/manifest.schema.json').toEqual(
    JSON.parse(manifestJsonSchema()),
  );
});

test('the page about the manifest names every field', () => {
  const page = readFileSync(new URL('../../../../docs/manifest.md', import.meta.url), 'utf8');
  const missing = [...Object.keys(SCRIPT_FIELDS), ...Object.keys(MANIFEST_FIELDS)].filter(
    (field) => !page.includes(`| \`${field}\` |`),
  );
  expect(missing).toEqual([]);
});
