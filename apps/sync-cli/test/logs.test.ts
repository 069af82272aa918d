import { once } from 'node:events';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unreadable } from '../src/logs/log-errors.ts';
import { type Ran, runHere, screen, TestAgent } from './support/agent.ts';
import { ended, spawnMuster, spawnShell } from './support/process.ts';
import { TestRuns } from './support/runs.ts';

let runs: TestRuns;
let agent: TestAgent;
beforeEach(async () => {
  runs = new TestRuns();
  agent = await TestAgent.listen({ runLogs: (unit) => runs.of(unit) });
  for (const unit of ['api', 'build', 'db']) agent.units.register(unit);
});
afterEach(async () => {
  await agent[Symbol.asyncDispose]();
  runs[Symbol.dispose]();
});

const shown = async (...argv: string[]): Promise<string> => withoutDirectory(await agent.run(['logs', ...argv]));
const withoutDirectory = (ran: Ran): string => screen(ran).replaceAll(runs.directory, 'DIR');
const onTerminal = (...argv: string[]): Promise<Ran> =>
  runHere(['logs', ...argv], { isTTY: true, env: { MUSTER_SOCKET: agent.socket } });

describe('what a run has written', () => {
  test('is printed byte for byte', async () => {
    const bytes = Buffer.from('\x1b[31mred\x1b[2J\r\n\xff\xfe\0 no line feed', 'latin1');
    runs.ended('build', bytes);
    const child = spawnMuster(['logs', 'build'], { MUSTER_SOCKET: agent.socket });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await new Promise((resolve) => child.once('close', resolve));
    expect(Buffer.concat(chunks)).toEqual(bytes);
  });

  test('is that of the latest run, also while it goes on', async () => {
    runs.ended('build', 'first\n');
    runs.begin('build', 'second\n');
    expect(await shown('build')).toBe('exit 0\n-- stdout\nsecond\n');
    expect(await shown('build', '--run', '1')).toBe('exit 0\n-- stdout\nfirst\n');
  });

  test('is that of the own unit inside a script', async () => {
    runs.begin('build', 'own\n');
    const { stdout } = await agent.run(['logs'], { env: { MUSTER_UNIT: 'build', MUSTER_RUN: '1' } });
    expect(stdout).toBe('own\n');
  });

  test('cannot drive a terminal, but keeps its colours', async () => {
    runs.ended('build', '\x1b[1;31mred\x1b[m \x1b]0;title\x07\x1b[2J\r\n1%\r2%\n👩‍💻 ✔️ \u202ertl \x9b\n');
    expect((await onTerminal('build')).stdout).toMatchInlineSnapshot(`
      "[1;31mred[m \\u{1b}]0;title\\u{7}\\u{1b}[2J
      1%
      2%
      👩‍💻 ✔️ \\u{202e}rtl \\u{9b}
      [0m"
    `);
    expect((await onTerminal('build', '--color', 'never')).stdout).toMatch(/^red \\u\{1b\}\]/);
  });

  test('has the unit before each line where there are several', async () => {
    runs.ended('build', 'one\ntwo');
    runs.ended('api', '\n\x1b[31mred\n');
    expect(await shown('build', 'api', 'build')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      build | one
      build | two
      api   | 
      api   | [31mred
      "
    `);
    expect((await onTerminal('api', 'build')).stdout).toMatchInlineSnapshot(`
      "[1mapi[22m   | 
      [1mapi[22m   | [31mred[0m
      [1mbuild[22m | one
      [1mbuild[22m | two
      "
    `);
  });

  test('is in two files where the output is split', async () => {
    const run = runs.ended('build', 'out\n');
    run.errorLogPath = runs.path('build-1.err.log');
    writeFileSync(run.errorLogPath, 'err');
    expect(await shown('build')).toBe('exit 0\n-- stdout\nout\nerr\n');
    expect(await shown('build', '--path')).toBe('exit 0\n-- stdout\nDIR/build-1.log\nDIR/build-1.err.log\n');
  });

  test.each([
    ['0', 'a\nb\nc\n', ''],
    ['1', 'a\nb\nc\n', 'c\n'],
    ['2', 'a\nb\nc', 'b\nc'],
    ['9', 'a\nb\nc\n', 'a\nb\nc\n'],
    ['2', '\n\n\n', '\n\n'],
    ['1', '', ''],
    ['1', '\n', '\n'],
  ])('is cut to the last %s lines of %j', async (count, text, tail) => {
    runs.ended('build', text);
    expect((await agent.run(['logs', 'build', '--tail', count])).stdout).toBe(tail);
  });

  test('is cut to its last lines however long they are', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `${index} ${'x'.repeat(index * 2_000)}\n`);
    runs.ended('build', lines.join(''));
    for (const count of [1, 3, 11, 20]) {
      const { stdout } = await agent.run(['logs', 'build', '-n', `${count}`]);
      expect(stdout).toBe(lines.slice(-count).join(''));
    }
  });

  test('is its part of a file that all runs write to', async () => {
    const [first, second] = [runs.ended('build', 'before\nfirst\nsecond\n'), runs.ended('build', '')];
    first.logRange = { from: 7, to: 13 };
    second.logPath = first.logPath;
    second.logRange = { from: 13, to: null };
    expect(await shown('build')).toBe('exit 0\n-- stdout\nsecond\n');
    expect(await shown('build', '--run', '1')).toBe('exit 0\n-- stdout\nfirst\n');
    expect(await shown('build', '--run', '1', '--tail', '5')).toBe('exit 0\n-- stdout\nfirst\n');
    writeFileSync(first.logPath ?? '', 'anew\n');
    expect(await shown('build')).toBe('exit 0\n-- stdout\nanew\n');
    expect((await agent.run(['logs', 'build', '--run', '1'])).exitCode).toBe(74);
  });

  test('is not sent where its path or its facts are asked for', async () => {
    runs.ended('build', 'secret\n');
    runs.begin('api', 'secret\n');
    expect(await shown('build', 'api', '--path')).toBe('exit 0\n-- stdout\nDIR/build-1.log\nDIR/api-1.log\n');
    expect(await shown('build', 'api', '--json')).toMatchInlineSnapshot(`
      "exit 0
      -- stdout
      {"unit":"build","run":1,"runId":"20260102T030405Z-5f3a9c1b-000001","logPath":"DIR/build-1.log","errorLogPath":null,"startedAt":"2026-01-02T03:04:05.006Z","endedAt":"2026-01-02T03:05:06.006Z","outcome":"succeeded","logRange":null,"errorLogRange":null}
      {"unit":"api","run":1,"runId":"20260102T030405Z-5f3a9c1b-000001","logPath":"DIR/api-1.log","errorLogPath":null,"startedAt":"2026-01-02T03:04:05.006Z","endedAt":null,"outcome":null,"logRange":null,"errorLogRange":null}
      "
    `);
  });

  test('is printed to whoever has not seen enough', async () => {
    runs.ended('build', 'x'.repeat(80).concat('\n').repeat(50_000));
    const { code, stdout, stderr } = await ended(
      spawnShell('{ muster logs build; echo "status $?" >&2; } | head -1 | wc -c', { MUSTER_SOCKET: agent.socket }),
    );
    expect({ code, stdout: stdout.trim(), stderr }).toEqual({ code: 0, stdout: '81', stderr: 'status 0\n' });
  }, 30_000);
});

describe('there is no log', () => {
  test('of a unit that nobody has mentioned', async () => {
    expect(await shown('biuld')).toMatchInlineSnapshot(`
      "exit 4
      -- stderr
      error: there is no unit "biuld": nobody has registered it or named it as a dependency.
      hint: Did you mean "build"?
      "
    `);
  });

  test('of a unit that no script stands for', async () => {
    expect(await shown('db')).toMatchInlineSnapshot(`
      "exit 3
      -- stderr
      error: unit "db" has no log: no script of the agent stands for it.
      hint: What its work writes goes where whoever reports it has sent it: "muster status UNIT" tells who that is.
      "
    `);
    expect(await shown('db', '--follow')).toBe(await shown('db'));
  });

  test('of a script that has not started, and nothing is printed of others', async () => {
    runs.ended('build', 'text\n');
    runs.script('api');
    expect(await shown('build', 'api')).toMatchInlineSnapshot(`
      "exit 3
      -- stderr
      error: unit "api" has no log: its script has not started yet.
      hint: Wait for that with "muster logs --follow UNIT", or for its end with "muster wait UNIT".
      "
    `);
  });

  test('of a run that has not been, and of one whose log was deleted by age', async () => {
    for (const run of [7, 8]) runs.ended('build', 'text\n', run);
    expect(await shown('build', '--run', '9')).toMatchInlineSnapshot(`
      "exit 3
      -- stderr
      error: there is no run 9 of unit "build".
      hint: The latest is run 8.
      "
    `);
    expect(await shown('build', '--run', '2')).toMatchInlineSnapshot(`
      "exit 3
      -- stderr
      error: there is no log of run 2 of unit "build".
      hint: Kept are those of the runs 7 to 8: older ones are deleted, and a run that was skipped has none.
      "
    `);
  });

  test('of a run that ended before one was opened', async () => {
    runs.ended('build', '').logPath = null;
    const error = await shown('build');
    expect(error).toMatchInlineSnapshot(`
      "exit 3
      -- stderr
      error: run 1 of unit "build" has no log: it ended before one was opened.
      hint: See why with "muster status UNIT".
      "
    `);
    expect(await shown('build', '--path')).toBe(error);
  });
});

describe('a log that cannot be read', () => {
  test('because somebody has deleted it', async () => {
    rmSync(runs.ended('build', 'text\n').logPath ?? '');
    expect(await shown('build')).toMatchInlineSnapshot(`
      "exit 74
      -- stderr
      error: the log of run 1 of unit "build" cannot be read: "DIR/build-1.log": it is not there (ENOENT).
      hint: Somebody has deleted, moved or emptied it. The next run of the unit makes another one.
      "
    `);
  });

  test('because it is not there yet', async () => {
    runs.begin('build');
    expect(await shown('build')).toMatchInlineSnapshot(`
      "exit 74
      -- stderr
      error: the log of run 1 of unit "build" cannot be read: "DIR/build-1.log": it is not there (ENOENT).
      hint: Its run opens it in a moment: try again. If somebody has deleted it, only the next run of the unit makes another one.
      "
    `);
  });

  test.skipIf(process.getuid?.() === 0)('because its mode does not allow it', async () => {
    chmodSync(runs.ended('build', 'text\n').logPath ?? '', 0);
    expect(await shown('build')).toMatchInlineSnapshot(`
      "exit 74
      -- stderr
      error: the log of run 1 of unit "build" cannot be read: "DIR/build-1.log": its mode does not allow it (EACCES).
      hint: Read it as the user of the agent. If you are that user, allow it: chmod u+r DIR/build-1.log
      "
    `);
  });

  test('because a link or a directory stands there', async () => {
    const path = runs.ended('build', 'text\n').logPath ?? '';
    renameSync(path, `${path}.moved`);
    symlinkSync(`${path}.moved`, path);
    expect(await shown('build')).toMatchInlineSnapshot(`
      "exit 74
      -- stderr
      error: the log of run 1 of unit "build" cannot be read: "DIR/build-1.log": it is a link, and logs are never read through one (ELOOP).
      hint: Move away what stands there: the next run of the unit makes another one.
      "
    `);
    rmSync(path);
    mkdirSync(path);
    expect((await agent.run(['logs', 'build', '--follow'])).stderr).toContain('it is not a regular file');
  });

  test('because a socket stands there', async () => {
    const path = runs.ended('build', 'text\n').logPath ?? '';
    rmSync(path);
    const server = createServer().listen(path);
    await once(server, 'listening');
    expect(await shown('build')).toMatchInlineSnapshot(`
      "exit 74
      -- stderr
      error: the log of run 1 of unit "build" cannot be read: "DIR/build-1.log": it is not a regular file (ENXIO).
      hint: Move away what stands there: the next run of the unit makes another one.
      "
    `);
    server.close();
  });

  test.each(['EMFILE', 'EIO'])('because of %s', (code) => {
    const thrown = Object.assign(new Error('the reason of the system'), { code });
    const { message, hint } = unreadable({ unit: 'build', run: 1, endedAt: null }, '/logs/1.log', thrown);
    expect(`${message}\n${hint}`).toMatchSnapshot();
  });
});
