import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { TemporaryDirectory } from '../support/temporary-directory.ts';

vi.setConfig({ testTimeout: 30_000 });

const PROGRAM = fileURLToPath(new URL('../../src/muster-agent.ts', import.meta.url));

async function agent(cwd: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return await new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env.PATH, HOME: cwd } };
    const child = execFile(
      process.execPath,
      ['--conditions=@muster/source', PROGRAM, ...args],
      options,
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const MANIFEST = `version: 1
external: [db]
scripts:
  install: { run: x, needs: clone, timeout: 5m }
  clone: { run: x }
  migrate: { run: x, needs: [install, db], after: other }
  other: { run: x }
  backup: { run: x, cron: "*/30 * * * *", timezone: Europe/Berlin }
  bye: { run: x, on: [start, stop] }
`;

test('check prints what a manifest would do, in an order that works', async () => {
  using directory = new TemporaryDirectory();
  writeFileSync(directory.file('w.yaml'), MANIFEST);
  expect(await agent(directory.path, 'check', 'w.yaml')).toMatchInlineSnapshot(`
    {
      "code": 0,
      "stderr": "",
      "stdout": "The manifest is right: 6 scripts.

    UNIT     RUNS ON            TIMEOUT  WAITS FOR
    clone    start              -        -
    install  start              5m       clone (succeeded)
    other    start              -        -
    migrate  start              -        other (completed), install (succeeded), db (succeeded)
    backup   cron */30 * * * *  -        -
    bye      start, stop        -        -
    ",
    }
  `);
});

test('check --json prints one object', async () => {
  using directory = new TemporaryDirectory();
  writeFileSync(
    directory.file('w.yaml'),
    'version: 1\nscripts:\n  a: { run: x, timeout: 30s }\n  b: { run: x, needs: a }\n',
  );
  const { code, stdout, stderr } = await agent(directory.path, 'check', 'w.yaml', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchInlineSnapshot(`
    {
      "external": [],
      "file": "w.yaml",
      "scripts": [
        {
          "cron": null,
          "dependencies": [],
          "on": [
            "start",
          ],
          "script": "a",
          "timeoutMs": 30000,
          "timezone": null,
          "unit": "a",
        },
        {
          "cron": null,
          "dependencies": [
            {
              "dependsOn": "a",
              "requires": "succeeded",
            },
          ],
          "on": [
            "start",
          ],
          "script": "b",
          "timeoutMs": 0,
          "timezone": null,
          "unit": "b",
        },
      ],
      "valid": true,
      "warnings": [],
    }
  `);
});

test('check of a bad manifest exits with 78, in words and in JSON', async () => {
  using directory = new TemporaryDirectory();
  writeFileSync(directory.file('w.yaml'), 'version: 1\nscripts:\n  a: { run: x, needs: b }\n');
  expect(await agent(directory.path, 'check', 'w.yaml')).toMatchInlineSnapshot(`
    {
      "code": 78,
      "stderr": "w.yaml:3:23: script "a": needs "b", which is no unit here. Correct the name, or declare it as external.
        3 |   a: { run: x, needs: b }
          |                       ^

    1 problem. Nothing was started.
    ",
      "stdout": "",
    }
  `);
  const { code, stdout, stderr } = await agent(directory.path, 'check', 'w.yaml', '--json');
  expect({ code, stderr }).toEqual({ code: 78, stderr: '' });
  expect(JSON.parse(stdout)).toMatchInlineSnapshot(`
    {
      "file": "w.yaml",
      "problems": [
        {
          "column": 23,
          "hint": null,
          "line": 3,
          "message": "script "a": needs "b", which is no unit here. Correct the name, or declare it as external.",
        },
      ],
      "valid": false,
    }
  `);
});

test('help names every command, option, exit code and signal', async () => {
  expect(await agent('/', '--help')).toMatchInlineSnapshot(`
    {
      "code": 0,
      "stderr": "",
      "stdout": "Usage:
      muster-agent run FILE [options]   run the scripts of a manifest as units, and serve them on a socket
      muster-agent check FILE [--json]  say what a manifest would do, or everything that is wrong with it
      muster-agent schema               print the JSON Schema of manifests

    Options of run:
      --socket PATH        where to listen. Default: $MUSTER_SOCKET, else below $XDG_RUNTIME_DIR or ~/.cache
      --state-dir DIR      runs, logs and data of scripts. Default: below $XDG_STATE_HOME or ~/.local/state
      --log-format FORMAT  json or pretty. Default: pretty on a terminal, else json
      --log-level LEVEL    debug, info, warn or error. Default: info
      --stop-timeout TIME  the longest that all stop scripts together may take, as in 30s or 5m; 0 is for ever. Default: 60s

    Options of check:
      --json  print one JSON object, also for problems

    Options of all:
      --help     print this text
      --version  print the version

    Examples:
      muster-agent check workspace.yaml
      muster-agent run workspace.yaml
      muster-agent run workspace.yaml --socket /run/user/1000/ws.sock --stop-timeout 2m
      muster-agent run workspace.yaml --log-format json 2>agent.log

    A manifest:
      version: 1
      scripts:
        clone:
          run: git clone https://example.com/app.git
        install:
          needs: clone
          run: cd app && npm ci

    Exit codes:
      0 stopped as asked, or the manifest is right
      1 a stop script failed
      2 wrong usage
      70 internal error
      73 the socket or the state directory can't be made
      74 the output could not be written
      75 another agent owns the socket
      78 the manifest is unreadable or wrong
      124 the stop scripts took too long

    Signals: TERM, INT and HUP stop the agent in order; a second one cuts the waiting short.
    ",
    }
  `);
});

test('schema prints a JSON Schema', async () => {
  const { code, stdout } = await agent('/', 'schema');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ title: 'Muster manifest', required: ['version', 'scripts'] });
});

test('wrong usage exits with 2', async () => {
  expect(await agent('/', 'run', 'w.yaml', '--soket=x')).toMatchInlineSnapshot(`
    {
      "code": 2,
      "stderr": "muster-agent: there is no option "--soket"
    Did you mean "--socket"?
    ",
      "stdout": "",
    }
  `);
});
