import { expect, test } from 'vitest';
import { refusal } from '../support/refusal.ts';

const script = (lines: string): string => `version: 1\nscripts:\n  a:\n    run: echo\n    ${lines}\n`;

test('an empty manifest says how to begin', () => {
  expect(refusal('')).toMatchInlineSnapshot(`
    "workspace.yaml:1:1: the manifest is empty
          Begin with "version: 1" and "scripts:", as in: muster-agent --help

    1 problem. Nothing was started."
  `);
  expect(refusal('# only a comment\n')).toMatchInlineSnapshot(`
    "workspace.yaml:1:1: the manifest is empty
          Begin with "version: 1" and "scripts:", as in: muster-agent --help

    1 problem. Nothing was started."
  `);
});

test('text that is no map is refused', () => {
  expect(refusal('just some words\n')).toMatchInlineSnapshot(`
    "workspace.yaml:1:1: a manifest must be a map
          Begin with "version: 1" and "scripts:", as in: muster-agent --help

    1 problem. Nothing was started."
  `);
  expect(refusal('- a\n- b\n')).toMatchInlineSnapshot(`
    "workspace.yaml:1:1: a manifest must be a map
          Begin with "version: 1" and "scripts:", as in: muster-agent --help

    1 problem. Nothing was started."
  `);
});

test('what is not YAML is refused with its place', () => {
  expect(refusal('version: 1\nscripts: {a: [b\n')).toMatchInlineSnapshot(`
    "workspace.yaml:3:1: flow sequence in block collection must be sufficiently indented and end with a ]
        3 | 
          | ^
          Give lines of one level the same number of spaces.

    workspace.yaml:3:1: flow map in block collection must be sufficiently indented and end with a }
        3 | 
          | ^
          Give lines of one level the same number of spaces.

    2 problems. Nothing was started."
  `);
  expect(refusal('version: 1\nscripts:\n\ta:\n\t\trun: echo\n')).toMatchInlineSnapshot(`
    "workspace.yaml:3:1: tabs are not allowed as indentation
        3 |  a:
          | ^
          Indent with spaces.

    workspace.yaml:4:1: tabs are not allowed as indentation
        4 |   run: echo
          | ^
          Indent with spaces.

    2 problems. Nothing was started."
  `);
  expect(refusal('version: 1\nscripts:\n  a:\n    run: @daily\n')).toMatchInlineSnapshot(`
    "workspace.yaml:4:10: plain value cannot start with reserved character @
        4 |     run: @daily
          |          ^
          Put text that begins with @, \`, % or & between quotation marks.

    1 problem. Nothing was started."
  `);
});

test('a second document is refused', () => {
  expect(refusal('version: 1\nscripts: {}\n---\nversion: 1\n')).toMatchInlineSnapshot(`
    "workspace.yaml:3:1: a second document begins here
        3 | ---
          | ^
          Keep one manifest in a file; remove the "---".

    1 problem. Nothing was started."
  `);
});

test('an unknown tag is refused', () => {
  expect(refusal(script('cwd: !!js/function x'))).toMatchInlineSnapshot(`
    "workspace.yaml:5:10: unresolved tag
        5 |     cwd: !!js/function x
          |          ^
          Remove the tag, or put the text between quotation marks.

    1 problem. Nothing was started."
  `);
});

test('a key that is there twice names both places', () => {
  expect(refusal('version: 1\nscripts:\n  a: { run: x }\n  a: { run: y }\n')).toMatchInlineSnapshot(`
    "workspace.yaml:4:3: the key "a" is here twice, first in line 3
        4 |   a: { run: y }
          |   ^
          Rename or remove one of them: the later one would replace the earlier.

    1 problem. Nothing was started."
  `);
});

test('a map as a key is refused', () => {
  expect(refusal('version: 1\nscripts:\n  ? { a: b }\n  : { run: x }\n')).toMatchInlineSnapshot(`
    "workspace.yaml:3:5: a key must be a plain name
        3 |   ? { a: b }
          |     ^
          Write name: value.

    1 problem. Nothing was started."
  `);
});

test('missing keys come with an example', () => {
  expect(refusal('scripts:\n  a: {}\n')).toMatchInlineSnapshot(`
    "workspace.yaml:1:1: the manifest has no "version"
          Example: version: 1

    workspace.yaml:2:3: script "a" has no "run"
          Example: run: npm ci

    2 problems. Nothing was started."
  `);
  expect(refusal('version: 1\n')).toMatchInlineSnapshot(`
    "workspace.yaml:1:1: the manifest has no "scripts"
          Example: scripts: { hello: { run: echo hello } }

    1 problem. Nothing was started."
  `);
});

test('unknown keys come with the nearest known one, or with all', () => {
  expect(
    refusal('version: 1\nextrnal: []\nscripts:\n  a:\n    run: x\n    neds: b\n    colour: red\n'),
  ).toMatchInlineSnapshot(`
    "workspace.yaml:2:1: the manifest has an unknown key "extrnal"
          Did you mean "external"?

    workspace.yaml:6:5: script "a" has an unknown key "neds"
          Did you mean "needs"?

    workspace.yaml:7:5: script "a" has an unknown key "colour"
          Use one of run, on, cron, timezone, timeout, needs, after, log, cwd, env, shell, output, address, name; keys of your own begin with x-.

    3 problems. Nothing was started."
  `);
});

test('wrong types name the type that is there and the one that must be', () => {
  expect(
    refusal('version: "1"\nexternal: x\nscripts:\n  a: echo\n  b:\n  c: [1]\n  d: { run: [x], env: [1], cwd: 7 }\n'),
  ).toMatchInlineSnapshot(`
    "workspace.yaml:1:10: "version" must be 1, not "1"
        1 | version: "1"
          |          ^
          Use 1.

    workspace.yaml:2:11: "external" must be a list of names, not "x"
        2 | external: x
          |           ^
          Example: external: [database-restored]

    workspace.yaml:4:6: script "a" must be a map of keys, such as run, not "echo"
        4 |   a: echo
          |      ^

    workspace.yaml:5:5: script "b" must be a map of keys, such as run, not nothing
        5 |   b:
          |     ^

    workspace.yaml:6:6: script "c" must be a map of keys, such as run, not a list
        6 |   c: [1]
          |      ^

    workspace.yaml:7:13: "run" of script "d" must be the text of a script, not a list
          Example: run: npm ci

    workspace.yaml:7:23: "env" of script "d" must be a map of names and values, not a list
          Example: env: { PORT: "8080" }

    workspace.yaml:7:33: "cwd" of script "d" must be the path of a directory, not 7
        7 |   d: { run: [x], env: [1], cwd: 7 }
          |                                 ^
          Example: cwd: ./app

    8 problems. Nothing was started."
  `);
});

test('wrong entries of a list are found one by one', () => {
  expect(refusal(script('needs: [1, "", [x]]\n    on: [start, stpo]'))).toMatchInlineSnapshot(`
    "workspace.yaml:5:13: entry 1 of "needs" of script "a" must be text, not 1
        5 |     needs: [1, "", [x]]
          |             ^

    workspace.yaml:5:16: entry 2 of "needs" of script "a" must not be empty
        5 |     needs: [1, "", [x]]
          |                ^

    workspace.yaml:5:20: entry 3 of "needs" of script "a" must be text, not a list
        5 |     needs: [1, "", [x]]
          |                    ^

    workspace.yaml:6:17: entry 2 of "on" of script "a" must be start or stop, not "stpo"
        6 |     on: [start, stpo]
          |                 ^
          Did you mean "stop"?

    4 problems. Nothing was started."
  `);
});

test('a schedule in the wrong place is told its own', () => {
  expect(
    refusal(`version: 1
scripts:
  a: { run: x, on: { cron: "* * * * *" } }
  b: { run: x, on: [start, cron] }
  c: { run: x, on: strat }
`),
  ).toMatchInlineSnapshot(`
    "workspace.yaml:3:20: "on" of script "a" must be start, stop, or a list of these, not a map
        3 |   a: { run: x, on: { cron: "* * * * *" } }
          |                    ^
          Example: on: stop; a schedule is a key of its own, as in cron: "*/30 * * * *"

    workspace.yaml:4:28: entry 2 of "on" of script "b" must be start or stop, not "cron"
        4 |   b: { run: x, on: [start, cron] }
          |                            ^
          Use start or stop; a schedule is a key of its own, as in cron: "*/30 * * * *".

    workspace.yaml:5:20: "on" of script "c" must be start, stop, or a list of these, not "strat"
        5 |   c: { run: x, on: strat }
          |                    ^
          Did you mean "start"?

    3 problems. Nothing was started."
  `);
});

test('a bad duration is refused', () => {
  expect(refusal(script('timeout: 5 minutes'))).toMatchInlineSnapshot(`
    "workspace.yaml:5:14: "timeout" of script "a" must be a duration, not "5 minutes"
        5 |     timeout: 5 minutes
          |              ^
          Example: timeout: 1h30m

    1 problem. Nothing was started."
  `);
  expect(refusal(script('timeout: 30'))).toMatchInlineSnapshot(`
    "workspace.yaml:5:14: "timeout" of script "a" must be a duration, not 30
        5 |     timeout: 30
          |              ^
          Example: timeout: 1h30m

    1 problem. Nothing was started."
  `);
  expect(refusal(script('timeout: 900h'))).toMatchInlineSnapshot(`
    "workspace.yaml:5:14: "timeout" of script "a" is longer than 24 days
        5 |     timeout: 900h
          |              ^
          Example: timeout: 1h30m

    1 problem. Nothing was started."
  `);
});

test('a bad or impossible cron pattern and a bad time zone are refused', () => {
  expect(refusal(script('cron: "61 * * * *"\n    timezone: Europe/Berln'))).toMatchInlineSnapshot(`
    "workspace.yaml:5:11: script "a": cron "61 * * * *" is not a schedule. Use five fields, or six with seconds, as in "*/5 * * * *".
        5 |     cron: "61 * * * *"
          |           ^

    workspace.yaml:6:15: script "a": timezone "Europe/Berln" is not known here. Use an IANA name, as in "Europe/Berlin".
        6 |     timezone: Europe/Berln
          |               ^

    2 problems. Nothing was started."
  `);
  expect(refusal(script('cron: "0 0 30 2 *"'))).toMatchInlineSnapshot(`
    "workspace.yaml:5:11: script "a": cron "0 0 30 2 *" is never due. Choose a date that exists.
        5 |     cron: "0 0 30 2 *"
          |           ^

    1 problem. Nothing was started."
  `);
});

test('an unknown dependency comes with the nearest known one', () => {
  expect(
    refusal(
      'version: 1\nexternal: [database]\nscripts:\n  clone: { run: x }\n  a: { run: x, needs: [clnoe, databse], after: nothing-like-it }\n',
    ),
  ).toMatchInlineSnapshot(`
    "workspace.yaml:5:24: script "a": needs "clnoe", which is no unit here. Did you mean "clone"?
        5 |   a: { run: x, needs: [clnoe, databse], after: nothing-like-it }
          |                        ^

    workspace.yaml:5:31: script "a": needs "databse", which is no unit here. Did you mean "database"?
        5 |   a: { run: x, needs: [clnoe, databse], after: nothing-like-it }
          |                               ^

    workspace.yaml:5:48: script "a": after "nothing-like-it", which is no unit here. Correct the name, or declare it as external.
        5 |   a: { run: x, needs: [clnoe, databse], after: nothing-like-it }
          |                                                ^

    3 problems. Nothing was started."
  `);
});

test('an external unit has a name that a unit can have, and is not that of a script', () => {
  expect(
    refusal('version: 1\nexternal: ["tab\\there", a, fine]\nscripts:\n  key: { run: x, name: a, needs: fine }\n'),
  ).toMatchInlineSnapshot(`
    "workspace.yaml:2:12: entry 1 of "external" is wrong: "tab\\u{9}here" can't be the name of a unit: it has the control character U+0009. Use 1 to 256 characters, none of them a control character.
        2 | external: ["tab\\there", a, fine]
          |            ^

    workspace.yaml:2:25: entry 2 of "external" is the unit of script "key"
        2 | external: ["tab\\there", a, fine]
          |                         ^
          Remove it here, or give one of the two another name.

    2 problems. Nothing was started."
  `);
});

test('a cycle is named whole', () => {
  expect(
    refusal(
      'version: 1\nscripts:\n  a: { run: x, needs: c }\n  b: { run: x, after: [a] }\n  c: { run: x, needs: b }\n',
    ),
  ).toMatchInlineSnapshot(`
    "workspace.yaml:3:23: script "a": it would wait for itself: "a" → "c" → "b" → "a". Leave out one of these dependencies.
        3 |   a: { run: x, needs: c }
          |                       ^

    1 problem. Nothing was started."
  `);
  expect(refusal(script('needs: a'))).toMatchInlineSnapshot(`
    "workspace.yaml:5:12: script "a": it would wait for itself: "a" → "a". Leave out one of these dependencies.
        5 |     needs: a
          |            ^

    1 problem. Nothing was started."
  `);
});

test('a dependency that the same trigger never runs is refused', () => {
  expect(
    refusal('version: 1\nscripts:\n  bye: { run: x, on: stop }\n  a: { run: x, needs: bye }\n'),
  ).toMatchInlineSnapshot(`
    "workspace.yaml:4:23: script "a": needs "bye", which never runs on start. Give both the same trigger, or leave the dependency out.
        4 |   a: { run: x, needs: bye }
          |                       ^

    1 problem. Nothing was started."
  `);
});

test('two scripts with one name can not be depended on', () => {
  expect(
    refusal('version: 1\nscripts:\n  a: { run: x, name: n }\n  b: { run: x, name: n }\n  c: { run: x, needs: n }\n'),
  ).toMatchInlineSnapshot(`
    "workspace.yaml:5:23: script "c": needs "n", but several scripts have that name. Give each a name of its own.
        5 |   c: { run: x, needs: n }
          |                       ^

    1 problem. Nothing was started."
  `);
});

test('names that no unit can have are shown harmless', () => {
  expect(refusal('version: 1\nscripts:\n  "": { run: x }\n  "\\e[31mred": { run: x }\n')).toMatchInlineSnapshot(`
    "workspace.yaml:3:3: script "": "" can't be the name of a unit: it is empty. Use 1 to 256 characters, none of them a control character.
        3 |   "": { run: x }
          |   ^

    workspace.yaml:4:3: script "\\u{1b}[31mred": "\\u{1b}[31mred" can't be the name of a unit: it has the control character U+001B. Use 1 to 256 characters, none of them a control character.
        4 |   "\\e[31mred": { run: x }
          |   ^

    2 problems. Nothing was started."
  `);
});

test('a name of ten thousand characters is refused in few words', () => {
  const text = refusal(`version: 1\nscripts:\n  a:\n    run: x\n    name: ${'n'.repeat(10_000)}\n`);
  expect(text).toContain('longer than 256 characters');
  expect(text.length).toBeLessThan(1000);
});

test('names of the environment that are wrong or reserved are refused', () => {
  expect(refusal(script('env: { "A=B": x, MUSTER_SOCKET: y, OK: z }'))).toMatchInlineSnapshot(`
    "workspace.yaml:5:12: "A=B" in "env" of script "a" is not a name for the environment
          Choose another name; names that begin with MUSTER_ belong to the agent.

    workspace.yaml:5:22: "MUSTER_SOCKET" in "env" of script "a" is set by the agent itself
          Choose another name; names that begin with MUSTER_ belong to the agent.

    2 problems. Nothing was started."
  `);
});

test('text of scripts and values of the environment are never repeated', () => {
  const text = refusal(
    'version: 1\nenv: { A: [canary1] }\nscripts:\n  a:\n    run: { x: canary2 }\n    env: { B: { x: canary3 } }\n    bad: canary4\n',
  );
  expect(text).not.toContain('canary');
});

test('problems of the schema and of the plan come together, in the order of the file', () => {
  expect(
    refusal('version: 1\nscripts:\n  a: { run: x, needs: zzz }\n  b: { rum: x }\n  c: { run: x, cron: nonsense }\n'),
  ).toMatchInlineSnapshot(`
    "workspace.yaml:3:23: script "a": needs "zzz", which is no unit here. Correct the name, or declare it as external.
        3 |   a: { run: x, needs: zzz }
          |                       ^

    workspace.yaml:4:3: script "b" has no "run"
          Example: run: npm ci

    workspace.yaml:4:8: script "b" has an unknown key "rum"
          Did you mean "run"?

    workspace.yaml:5:22: script "c": cron "nonsense" is not a schedule. Use five fields, or six with seconds, as in "*/5 * * * *".
        5 |   c: { run: x, cron: nonsense }
          |                      ^

    4 problems. Nothing was started."
  `);
});

test('a dependency on a script that is itself wrong is not called unknown', () => {
  const text = refusal('version: 1\nscripts:\n  a: { run: x, needs: b }\n  b: 7\n');
  expect(text).toMatch(/^1 problem\./m);
});

test('JSON has places too', () => {
  expect(
    refusal('{\n  "version": 1,\n  "scripts": {\n    "a": { "run": "x", "timeout": true }\n  }\n}\n'),
  ).toMatchInlineSnapshot(`
    "workspace.yaml:4:35: "timeout" of script "a" must be a duration, not true
        4 |     "a": { "run": "x", "timeout": true }
          |                                   ^
          Example: timeout: 1h30m

    1 problem. Nothing was started."
  `);
});
