import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOf } from './support/files.ts';
import { ManualClock } from './support/manual-clock.ts';
import { Rig, script } from './support/rig.ts';

const directory = mkdtempSync(join(tmpdir(), 'muster-full-'));
const canMount = mount();

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory], { stdio: 'ignore' });
    execFileSync('umount', [directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // Only root may.
  }
}

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.skipIf(!canMount)('on a full disk (needs root)', () => {
  beforeEach(() => void execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory]));
  afterEach(() => void execFileSync('umount', ['-l', directory]));

  it('a script goes on, its exit code is known, and the loss is reported once', async () => {
    const clock = new ManualClock();
    await using rig = new Rig({ clock, stateDir: join(directory, 'state') });
    const [full, go] = [rig.path('full'), rig.path('go')];
    const text = `head -c 2000000 /dev/zero 2>/dev/null; echo >${full}; while ! [ -e ${go} ]; do sleep 0.01; done; exit 9`;
    await rig.runner.init([script('a', text)]);
    const report = rig.report();
    const running = rig.runner.execute('start');
    await lineOf(full);
    for (let looks = 0; looks < 20; looks++) await clock.step(250);
    execFileSync('touch', [go]);
    await running;
    expect(await report).toMatchObject({ outcome: 'failed', exitCode: 9 });
    const warnings = rig.said.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message)).toEqual(['the disk is full: output of a script may be lost']);
    expect(await clock.passUntil(rig.runner.execute('start'))).toMatchObject([{ outcome: 'failed', exitCode: null }]);
    await clock.passUntil(rig.runner[Symbol.asyncDispose]());
  });
});
