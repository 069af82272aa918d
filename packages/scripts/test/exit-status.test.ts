import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startCommands } from '../src/supervisor/start-commands.ts';
import { SUPERVISOR } from '../src/supervisor/supervisor.ts';
import { Rig, script } from './support/rig.ts';

/** Stopping isn't ending, and the kernel ignores these by default. */
const NOT_DEADLY = new Set(['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGCONT', 'SIGCHLD', 'SIGURG', 'SIGWINCH']);

/** Shells do not tell these from exit 130 and 141. */
const SILENT = new Map([
  ['SIGINT', 130],
  ['SIGPIPE', 141],
]);

const SHELLS = ['/usr/bin/dash', '/usr/bin/bash', '/usr/bin/busybox'].filter((path) => existsSync(path));

describe('the exit status of a script', () => {
  it('is exact for all 256 codes', async () => {
    await using rig = new Rig({ concurrency: 8 });
    const reports = await rig.start(
      ...Array.from({ length: 256 }, (_, code) => script(`exit ${code}`, `exit ${code}`)),
    );
    expect(reports.map(({ exitCode, signal }) => [exitCode, signal])).toEqual(reports.map((_, code) => [code, null]));
    expect(rig.runner.executed).toEqual({ succeeded: 1, failed: 255 });
  }, 30_000);

  it('is exact for every deadly signal but two, which look like an exit', async () => {
    const byNumber = new Map(
      Object.entries(constants.signals)
        .toReversed()
        .map(([name, number]) => [number, name]),
    );
    const deadly = [...byNumber].filter(([, name]) => !NOT_DEADLY.has(name));
    await using rig = new Rig({ concurrency: 4 });
    // A core file would be written to the working directory.
    const reports = await rig.start(
      ...deadly.map(([number, name]) => script(name, `ulimit -c 0; kill -${number} $$`, { cwd: rig.directory })),
    );
    const expected = deadly.map(([, name]) => (SILENT.has(name) ? [SILENT.get(name), null] : [null, name]));
    expect(reports.map(({ exitCode, signal }) => [exitCode, signal])).toEqual(expected);
    expect(reports.filter(({ outcome }) => outcome !== 'failed')).toEqual([]);
  }, 30_000);

  it.each(SHELLS)('is exact with %s as the shell of the system', async (shell) => {
    const directory = mkdtempSync(join(tmpdir(), 'muster-supervisor-'));
    const words = [];
    for (const text of ['exit 143', 'kill -TERM $$', 'kill -KILL $$', 'exit 137', 'exit 0', 'exit 200']) {
      const run = mkdtempSync(join(directory, 'run-'));
      const args = [
        ...(shell.endsWith('busybox') ? ['sh'] : []),
        '-c',
        SUPERVISOR,
        'muster-run',
        run,
        '/bin/sh',
        '-c',
        text,
      ];
      await once(spawn(shell, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] }), 'exit');
      words.push(readFileSync(join(run, 'exit'), 'utf8').trim());
    }
    rmSync(directory, { recursive: true });
    expect(words).toEqual(['exit 143', 'signal 143', 'signal 137', 'exit 137', 'exit 0', 'exit 200']);
  });

  it.each(SHELLS)('is exact with %s as the shell of the system, used again and again', async (shell) => {
    const directory = mkdtempSync(join(tmpdir(), 'muster-supervisor-'));
    const args = [...(shell.endsWith('busybox') ? ['sh'] : []), '-s', 'muster-run'];
    const child = spawn(shell, args, { env: {}, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] });
    const commandsFor = (line: string, more: { cwd?: string; log?: string } = {}) => {
      const runDirectory = mkdtempSync(join(directory, "it's a run-"));
      const command = { runDirectory, argv: ['/bin/sh', '-c', line], cwd: more.cwd ?? '/', env: {}, out: 1, err: 2 };
      return startCommands(command, () => more.log ?? '/dev/null') ?? '';
    };
    const twice = commandsFor('exit 5');
    child.stdin?.end(
      [
        SUPERVISOR,
        ...['exit 143', 'kill -TERM $$', 'kill -KILL $$', 'exit 137', 'exit 0'].map((line) => commandsFor(line)),
        commandsFor('exit 0', { cwd: '/no/such' }),
        commandsFor('exit 0', { log: '/no/such' }),
        twice,
        twice,
        commandsFor('exit 200'),
        commandsFor('exit 0').slice(0, -40),
      ].join(''),
    );
    const all = (await text(child.stdio[3] as Readable)).split('\n');
    const lines = all.filter((line) => !line.startsWith('pid'));
    // Shells disagree on the status of a cd that failed.
    const told = lines.map((line) => line.replace(/^(never exit) [12]$/, '$1'));
    const ends = [
      'exit 143',
      'signal 143',
      'signal 137',
      'exit 137',
      'exit 0',
      'never exit',
      'refused',
      'exit 5',
      'refused',
    ];
    expect(told).toEqual([...ends, 'exit 200', '']);
    const runs = readdirSync(directory).map((run) => join(directory, run));
    const pids = runs.map((run) => join(run, 'pid')).filter((path) => existsSync(path));
    const starts = pids.map((path) => readFileSync(path, 'utf8').trim().split(' '));
    // Behind the line feed there is a line of /proc/PID/stat.
    const begun = starts.map(([pid, group, ...stat]) => `pid ${pid} ${group?.split('\n')[0]} ${stat[20]}`);
    expect(begun.sort()).toEqual(all.filter((line) => line.startsWith('pid')).sort());
    const files = runs.flatMap((run) => readdirSync(run));
    expect(Object.groupBy(files, (name) => name)).toMatchObject({ exit: { length: 7 }, pid: { length: 7 } });
    rmSync(directory, { recursive: true });
  });

  it('is a failure, never a success, where it can not be known', async () => {
    await using rig = new Rig();
    // The script ends its own supervisor, which would have recorded how it ended.
    const [report] = await rig.start(script('a', 'kill -KILL $PPID; exec sleep 600'));
    expect(report).toMatchObject({
      outcome: 'failed',
      exitCode: null,
      signal: null,
      reason: 'the exit status is not known: the supervisor of the script was ended by SIGKILL',
    });
  });

  it.each([
    ['its pid', 'rm "$(dirname "$0")/pid"'],
    ['the directory of its run', 'rm -r "$(dirname "$0")"'],
  ])('is exact for a script that removes %s', async (_, text) => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', `${text}; exit 3`));
    expect(report).toMatchObject({ outcome: 'failed', exitCode: 3, signal: null });
    expect(report).not.toHaveProperty('reason');
  });

  it('is that of a signal for a script that removes its pid', async () => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', 'rm "$(dirname "$0")/pid"; kill -KILL $$'));
    expect(report).toMatchObject({ outcome: 'failed', exitCode: null, signal: 'SIGKILL' });
  });

  it.each([
    ['removes', 'rm "$(dirname "$0")/claim"'],
    ['empties', ': >"$(dirname "$0")/claim"'],
  ])('is not guessed for a script that %s its claim and is killed', async (_, text) => {
    await using rig = new Rig();
    const [killed, three] = await rig.start(script('a', `${text}; kill -KILL $$`), script('b', `${text}; exit 3`));
    const reason = 'the exit status is not known: it is 137, or that of a signal';
    expect(killed).toMatchObject({ outcome: 'failed', exitCode: null, signal: null, reason });
    expect(three).toMatchObject({ outcome: 'failed', exitCode: 3, signal: null });
  });

  it('is left in the directory of the run, for an agent that was not there', async () => {
    await using rig = new Rig();
    const [report] = await rig.start(script('a', 'exit 7'));
    const directory = join(
      rig.directory,
      'state/runs',
      (report?.logPath ?? '').split('/').at(-2) ?? '',
      report?.runId ?? '',
    );
    expect(readFileSync(join(directory, 'exit'), 'utf8')).toBe('exit 7\n');
    expect(readFileSync(join(directory, 'pid'), 'utf8')).toMatch(/^(\d+) \1\n\1 \(/);
    expect(JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8'))).toMatchObject({
      script: 'a',
      run: 1,
      stage: 'start',
    });
  });

  it('is claimed once: a second supervisor for the same run does nothing', async () => {
    await using rig = new Rig();
    const run = mkdtempSync(join(rig.directory, 'run-'));
    const args = ['-c', SUPERVISOR, 'muster-run', run, '/bin/sh', '-c', `echo ran >>${rig.path('ran')}`];
    const start = () => once(spawn('/bin/sh', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] }), 'exit');
    const codes = (await Promise.all([start(), start()])).map(([code]) => code);
    expect(codes.sort()).toEqual([0, 75]);
    expect(readFileSync(rig.path('ran'), 'utf8')).toBe('ran\n');
  });
});

it.each(SHELLS)('%s is given no variable that it would not pass on', (shell) => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-supervisor-'));
  const names = ['EPOCHSECONDS', 'EPOCHREALTIME', 'SRANDOM', 'HISTCMD', 'PIPESTATUS', 'LINES', 'PS4', 'TMOUT'];
  const passed = names.map((name) => {
    const run = mkdtempSync(join(directory, 'run-'));
    const command = { runDirectory: run, argv: ['/usr/bin/env'], cwd: '/', env: { [name]: '5' }, out: 1, err: 2 };
    const commands = startCommands(command, () => join(run, 'log'));
    if (commands === null) return 'not by this way';
    const args = [...(shell.endsWith('busybox') ? ['sh'] : []), '-s', 'muster-run'];
    spawnSync(shell, args, { input: SUPERVISOR + commands, env: {}, stdio: ['pipe', 'ignore', 'ignore', 'ignore'] });
    return readFileSync(join(run, 'log'), 'utf8').match(new RegExp(`^${name}=(.*)$`, 'm'))?.[1];
  });
  rmSync(directory, { recursive: true });
  const kept = Array.from({ length: 5 }, () => 'not by this way');
  expect(passed).toEqual([...kept, '5', '5', '5']);
});
