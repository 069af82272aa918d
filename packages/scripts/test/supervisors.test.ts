import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunReport } from '@muster/scripts';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock.ts';
import { stopProcesses } from '../src/processes/stop-processes.ts';
import { findProcesses } from '../src/processes/stray-processes.ts';
import { isAlive, lineOf } from './support/files.ts';
import { ManualClock } from './support/manual-clock.ts';
import { Rig, script } from './support/rig.ts';
import { shells, until } from './support/shells.ts';

const RUN_SCRIPTS = fileURLToPath(new URL('support/run-scripts.ts', import.meta.url));

/** With this in its environment, a run gets a supervisor of its own: shells keep the name for themselves. */
const ALONE = { IFS: ' \t\n' };

const NASTY = {
  QUOTES: `it's "quoted" \`x\` $(x) $HOME \\ \\\\ '' '`,
  LINES: '\n\ttwo\r\nlines\n',
  LETTERS: 'üÁÀ\u0081\u0088€ 漢字 🦊',
  CONTROL: '\u0001\u001b[31m\u007f',
  EMPTY: '',
  dir: 'a name that a shell script likes',
};

/** A script that only shows its environment, without a shell that could change it. */
const SHOW_ENVIRONMENT = '#!/bin/cat /proc/self/environ\n';

function environmentOf(rig: Rig, report: RunReport | undefined): Record<string, string> {
  const entries = rig.log(report).split('\0').slice(0, -1);
  return Object.fromEntries(entries.map((entry) => [entry.split('=', 1)[0], entry.slice(entry.indexOf('=') + 1)]));
}

describe('a run under a shell that is used again', () => {
  it('finds nothing of the run before', async () => {
    await using rig = new Rig({ concurrency: 1, env: { PATH: '/usr/bin:/bin' } });
    const look = `echo "$PPID $(umask) $(pwd) $LEAK"; trap; env; grep 'Sig[IC]' /proc/$$/status; ulimit -n; echo $-`;
    const [before, , after] = await rig.start(
      script('before', look, { cwd: rig.directory }),
      script('leak', `trap '' INT TERM; umask 0; cd /; export LEAK=1; set -f; ulimit -n 99; exec 9>/dev/null; exit 3`, {
        after: ['before'],
        env: { LEAK: '2', ENV: '/no/such' },
        cwd: '/tmp',
      }),
      script('after', look, { after: ['leak'], cwd: rig.directory }),
    );
    const same = (report: RunReport | undefined) =>
      rig.log(report).replaceAll(/(before|after)(-[0-9a-f]{16})?|MUSTER_TOKEN=.*|-00000\d/g, '');
    expect(after?.outcome).toBe('succeeded');
    expect(same(after)).toBe(same(before));
  });

  it('has the descriptors that it would have without, and none to the runner', async () => {
    await using rig = new Rig({ concurrency: 1 });
    const list = 'ls -l /proc/self/fd';
    const reports = await rig.start(
      script('first', list),
      script('again', list, { after: ['first'] }),
      script('alone', list, { after: ['again'], env: ALONE }),
    );
    const [first, again, alone] = reports.map((report) => rig.log(report).match(/\d+(?= ->)/g));
    expect(alone).toEqual(expect.arrayContaining(['0', '1', '2']));
    expect([first, again]).toEqual([alone, alone]);
    expect(reports.map((report) => rig.log(report)).join()).not.toContain('socket:');
  });

  it.each([
    ['under a shell of the pool', {}],
    ['under a supervisor of its own', ALONE],
  ])('has exactly its environment, %s', async (_, more) => {
    const base = { PATH: '/usr/bin:/bin', PWD: '/no/such' };
    await using rig = new Rig({ env: base });
    const own = { ...NASTY, ...more };
    const [report] = await rig.start(script('a', SHOW_ENVIRONMENT, { env: own, cwd: '/' }));
    const { MUSTER_TOKEN, ...environment } = environmentOf(rig, report);
    expect(environment).toEqual({
      ...own,
      PATH: `${rig.runner.binDir}:/usr/bin:/bin`,
      PWD: '/',
      MUSTER_UNIT: 'a',
      MUSTER_RUN: '1',
      MUSTER_RUN_ID: report?.runId,
      MUSTER_SCRIPT_BIN_DIR: rig.runner.binDir,
      MUSTER_SCRIPT_DATA_DIR: environment.MUSTER_SCRIPT_DATA_DIR,
    });
    expect(MUSTER_TOKEN).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['under a shell of the pool', {}],
    ['under a supervisor of its own', ALONE],
  ])(
    'keeps another name of its directory, drops names that no shell takes, and splits its output, %s',
    async (_, more) => {
      await using rig = new Rig();
      mkdirSync(rig.path('real'));
      symlinkSync(rig.path('real'), rig.path('other name'));
      const env = { ...more, PWD: rig.path('other name'), 'no-name': 'x' };
      const [report] = await rig.start(
        script('a', 'pwd; env | grep no-name; echo err >&2', { env, cwd: rig.path('real'), output: 'split' }),
      );
      expect(rig.log(report)).toBe(`${rig.path('other name')}\n`);
      expect(readFileSync(report?.errorLogPath ?? '', 'utf8')).toBe('err\n');
    },
  );

  it.each([
    ['under a shell of the pool', {}],
    ['under a supervisor of its own', ALONE],
  ])('is where it was told to be, under that name, %s', async (_, more) => {
    await using rig = new Rig();
    mkdirSync(rig.path('real'));
    symlinkSync(rig.path('real'), rig.path('link'));
    const cwd = rig.path('link');
    const [report] = await rig.start(script('a', 'pwd', { cwd, env: { ...more, PWD: cwd } }));
    expect(rig.log(report)).toBe(`${cwd}\n`);
  });

  it('can be stopped whatever its variables are called, and gets none that the supervisor has set', async () => {
    const clock = new ManualClock();
    await using rig = new Rig({ clock });
    const names = ['muster_setsid', 'muster_stat', 'muster_pid', 'muster_group'];
    const env = Object.fromEntries(names.map((name) => [name, '']));
    const text = `env >'${rig.path('env')}'; echo up >'${rig.path('up')}'; exec sleep 600`;
    const running = rig.start(script('a', text, { env: { ...env, muster_own: 'x' }, timeoutMs: 5_000 }));
    await lineOf(rig.path('up'));
    clock.advance(5_000);
    expect((await clock.passUntil(running))[0]).toMatchObject({ outcome: 'timed_out', signal: 'SIGTERM' });
    expect(readFileSync(rig.path('env'), 'utf8').match(/^muster_.*/gm)).toEqual(['muster_own=x']);
  });
});

describe('the shells that are used again', () => {
  it('are as many as scripts run at once, of which some stay, and none when the runner is disposed', async () => {
    await using rig = new Rig();
    const gate = rig.path('gate');
    execFileSync('mkfifo', [gate]);
    const scripts = Array.from({ length: 100 }, (_, index) => script(`s${index}`, `echo ${index}; read x <'${gate}'`));
    await rig.runner.init(scripts);
    const running = rig.runner.execute('start');
    await until(() => shells().length === 100);
    const opened = spawn('sh', ['-c', `exec 3<>'${gate}'; yes >&3`]);
    const reports = await running;
    opened.kill('SIGKILL');
    expect(reports.map((report) => rig.log(report))).toEqual(scripts.map((_, index) => `${index}\n`));
    await until(() => shells().length <= 8);
    await rig.runner[Symbol.asyncDispose]();
    await until(() => shells().length === 0);
  }, 60_000);

  it('do not keep a process from ending that forgets the runner', async () => {
    await using rig = new Rig();
    const child = spawnRunner(rig, 'echo $PPID >"$MUSTER_SCRIPT_DATA_DIR/shell"');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('are not what is stopped with a run', async () => {
    await using rig = new Rig({ graceMs: 50, concurrency: 1 });
    // Without children: with those that are about to end, the shell would not be used again.
    const stubborn = `trap '' TERM; echo $PPID; echo ready >'${rig.path('ready')}'; exec sleep 600`;
    await rig.runner.init([script('a', stubborn), script('b', 'echo $PPID', { triggers: ['stop'] })]);
    const controller = new AbortController();
    const running = rig.runner.execute('start', { signal: controller.signal });
    await lineOf(rig.path('ready'));
    controller.abort();
    const [stopped] = await running;
    const [next] = await rig.runner.execute('stop');
    expect(stopped).toMatchObject({ outcome: 'canceled', signal: 'SIGKILL' });
    expect(rig.log(next)).toBe(rig.log(stopped));
  });

  it('record the end of a script whose runner was killed, and then go', async () => {
    await using rig = new Rig();
    const [pid, gate] = [rig.path('pid'), rig.path('gate')];
    execFileSync('mkfifo', [gate]);
    const child = spawnRunner(rig, `echo $$ $PPID >'${pid}'; read x <'${gate}'; echo went on; exit 7`);
    const [, shell] = (await lineOf(pid)).split(' ').map(Number);
    child.kill('SIGKILL');
    await once(child, 'exit');
    writeFileSync(gate, '\n');
    const runs = rig.path(`state/runs/${readdirSync(rig.path('state/runs'))[0]}`);
    const [run = ''] = readdirSync(runs);
    expect(await lineOf(`${runs}/${run}/exit`)).toBe('exit 7');
    const logs = runs.replace('/runs/', '/logs/');
    expect(readFileSync(`${logs}/latest`, 'utf8')).toBe('went on\n');
    await until(() => !isAlive(shell ?? 0));
  });
});

describe('the search for processes of a run', () => {
  it('knows a process that has got the number of its group by the time when that was started', async () => {
    const child = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    const mark = { environment: ['NO_SUCH_NAME='], group: child.pid };
    const patience = { clock: systemClock, graceMs: 0, hurry: new AbortController().signal };
    expect(findProcesses({ ...mark, groupStart: '1' })).toEqual([]);
    expect(await stopProcesses({ ...mark, groupStart: '1' }, patience)).toBe(0);
    expect(child.signalCode ?? isAlive(child.pid ?? 0)).toBe(true);
    const ended = once(child, 'exit');
    expect(await stopProcesses({ ...mark, groupStart: stat[19] }, patience)).toBe(0);
    expect(await ended).toEqual([null, 'SIGTERM']);
  });

  it('finds the leader of a group that it has not founded yet', async () => {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    const mark = { environment: ['NO_SUCH_NAME='], group: child.pid };
    expect(findProcesses(mark).map(({ pid }) => pid)).toEqual([child.pid]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(`/proc/${child.pid}/stat`)).toBe(false);
  });
});

function spawnRunner(rig: Rig, text: string) {
  const argv = ['--conditions=@muster/source', RUN_SCRIPTS, rig.path('state'), text];
  return spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
}
