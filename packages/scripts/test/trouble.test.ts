import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from '@muster/scripts';
import { describe, expect, it } from 'vitest';
import { Rig, script } from './support/rig.ts';

interface Trouble {
  readonly what: string;
  readonly more?: (rig: Rig) => Partial<Script>;
  readonly prepare?: (rig: Rig) => void;
  readonly reason: RegExp;
}

const TROUBLES: Trouble[] = [
  {
    what: 'the interpreter is missing',
    more: () => ({ script: '#!/no/such -x\n' }),
    reason: /^the interpreter "\/no\/such" is not there/,
  },
  {
    what: 'the interpreter is a directory',
    more: () => ({ script: '#! /tmp\n' }),
    reason: /^the interpreter "\/tmp" is not there/,
  },
  {
    what: 'the shell is missing',
    more: () => ({ shell: 'nosuchshell' }),
    reason: /^the shell "nosuchshell" is not on the PATH$/,
  },
  {
    what: 'the working directory is missing',
    more: () => ({ cwd: '/no/such' }),
    reason: /^cannot run in "\/no\/such" \(ENOENT\)$/,
  },
  {
    what: 'the working directory is a file',
    more: () => ({ cwd: '/etc/passwd' }),
    reason: /\(it is not a directory\)$/,
  },
  {
    what: 'the environment is too large',
    more: () => ({ env: { BIG: 'x'.repeat(200_000) } }),
    reason: /too large \(E2BIG\)$/,
  },
  { what: 'the environment has a NUL', more: () => ({ env: { NUL: 'a\0b' } }), reason: /NUL character/ },
  {
    what: 'the log is a FIFO',
    prepare: (rig) => void execFileSync('mkfifo', [rig.path('log')]),
    more: logAt,
    reason: /^cannot open the log .*regular file/,
  },
  {
    what: 'the log is a device',
    more: () => ({ logPath: '/dev/null' }),
    reason: /^cannot open the log .*regular file/,
  },
  {
    what: 'the log is a directory',
    prepare: (rig) => mkdirSync(rig.path('log')),
    more: logAt,
    reason: /^cannot open the log .*\(EISDIR\)$/,
  },
  {
    what: 'the log is a link',
    prepare: (rig) => symlinkSync('/etc/passwd', rig.path('log')),
    more: logAt,
    reason: /^cannot open the log .*\(ELOOP\)$/,
  },
  {
    what: 'the directory of the log is missing',
    more: () => ({ logPath: '/no/such/log' }),
    reason: /^cannot open the log .*\(ENOENT\)$/,
  },
  {
    what: 'the data directory is a file',
    prepare: (rig) => occupy(rig, 'data'),
    reason: /^cannot use the directory .*data/,
  },
  {
    what: 'the log directory is a link',
    prepare: (rig) => link(rig, 'logs'),
    reason: /^cannot use the directory .*logs.*\(it is not a directory\)$/,
  },
  {
    what: 'the run directory is a file',
    prepare: (rig) => occupy(rig, 'runs'),
    reason: /^cannot use the directory .*runs/,
  },
];

function logAt(rig: Rig): Partial<Script> {
  return { logPath: rig.path('log') };
}

function occupy(rig: Rig, name: string): void {
  mkdirSync(rig.path('state'), { recursive: true });
  writeFileSync(join(rig.path('state'), name), '');
}

function link(rig: Rig, name: string): void {
  mkdirSync(rig.path('state'), { recursive: true });
  mkdirSync(rig.path('elsewhere'));
  symlinkSync(rig.path('elsewhere'), join(rig.path('state'), name));
}

describe('every path ends in an outcome', () => {
  it.each(TROUBLES)('when $what', async ({ more, prepare, reason }) => {
    await using rig = new Rig();
    prepare?.(rig);
    const [report, next] = await rig.start(
      script('a', 'echo ran', more?.(rig)),
      script('b', 'true', { after: ['a'], logPath: rig.path('b.log') }),
    );
    expect(report).toMatchObject({ outcome: 'failed', exitCode: null, signal: null, run: 1 });
    expect(report?.reason).toMatch(reason);
    expect(rig.manager.find('a')?.completion).toMatchObject({ outcome: 'failed', reason: report?.reason });
    expect(next?.run).toBe(1);
  });

  it('and a later run succeeds once the cause is gone', async () => {
    await using rig = new Rig();
    occupy(rig, 'data');
    expect((await rig.start(script('a', 'true')))[0]?.outcome).toBe('failed');
    rmSync(join(rig.path('state'), 'data'));
    expect((await rig.runner.execute('start'))[0]).toMatchObject({ outcome: 'succeeded', run: 2 });
  });
});

describe('secrets', () => {
  it('stay out of everything that the runner says', async () => {
    const canary = 'c4n4ry';
    await using rig = new Rig({ env: { PATH: '/usr/bin:/bin', BASE_SECRET: canary } });
    const secret = { env: { SECRET: canary, NUL: `${canary}\0` } };
    await rig.start(
      script('ok', `: ${canary}; tr '\\0' ' ' </proc/$PPID/cmdline`),
      script('fails', `exit 3 # ${canary}`, { env: { SECRET: canary } }),
      script('times out', `sleep 600 # ${canary}`, { timeoutMs: 30, env: { SECRET: canary } }),
      script('can not spawn', `echo ${canary}`, secret),
      script('too big', `echo ${canary}`, { env: { BIG: canary.repeat(40_000) } }),
    );
    expect(JSON.stringify([rig.said, rig.reports, rig.batches])).not.toContain(canary);
    expect(rig.lines.join()).toContain('muster-run');
    expect(readFileSync(rig.reports.find((report) => report.script === 'ok')?.logPath ?? '', 'utf8')).not.toContain(
      canary,
    );
  });
});
