import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAlive, lineOf } from './support/files.ts';
import { Rig, script } from './support/rig.ts';

/** Each leaves behind a process that holds the log open, and writes its pid. */
const SHAPES: Record<string, string> = {
  background: '{ echo $$ >/dev/null; sh -c "$CHILD" & }',
  nohup: 'nohup sh -c "$CHILD" &',
  setsid: 'setsid sh -c "$CHILD" &',
  'double fork': '(setsid sh -c \'sh -c "$CHILD" & exit\' &)',
  'job control': '#!/bin/bash\nset -m\nsh -c "$CHILD" &\nsleep 0',
  'end of a pipe': 'true | sh -c "$CHILD" &',
  'daemon with an open stdout': 'setsid sh -c "exec </dev/null; $CHILD" & disown 2>/dev/null || true',
  coprocess: '#!/bin/bash\ncoproc sh -c "$CHILD" >&2',
};

const SHAPE_NAMES = Object.keys(SHAPES).filter(
  (name) => existsSync('/bin/bash') || !SHAPES[name]?.startsWith('#!/bin/bash'),
);

function leaving(rig: Rig, shape: string, trap = ''): ReturnType<typeof script> {
  const CHILD = `${trap}echo $$ >'${rig.path('pid')}'; while :; do sleep 1; done`;
  const wait = `\nwhile ! [ -s '${rig.path('pid')}' ]; do sleep 0.01; done\n`;
  return script('a', `${SHAPES[shape]}${wait}`, { env: { CHILD } });
}

describe('a process that a script leaves behind', () => {
  it.each(SHAPE_NAMES)('does not keep the run open, and goes with the runner: %s', async (shape) => {
    await using rig = new Rig();
    const [report] = await rig.start(leaving(rig, shape));
    expect(report).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
    const pid = Number(await lineOf(rig.path('pid')));
    expect(isAlive(pid)).toBe(true);
    await rig.runner[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
  });

  it.each(SHAPE_NAMES)('goes when the run is cancelled, even if it ignores SIGTERM: %s', async (shape) => {
    await using rig = new Rig({ graceMs: 50 });
    const leave = leaving(rig, shape, "trap '' TERM; ");
    await rig.runner.init([{ ...leave, script: `${leave.script}\ntouch '${rig.path('left')}'; sleep 600` }]);
    const controller = new AbortController();
    const running = rig.runner.execute('start', { signal: controller.signal });
    const pid = Number(await lineOf(rig.path('pid')));
    controller.abort();
    expect((await running)[0]?.outcome).toBe('canceled');
    expect(isAlive(pid)).toBe(false);
  });

  it('may stay if it takes the mark of the run off', async () => {
    await using rig = new Rig();
    const daemon = `setsid env -u MUSTER_RUN_ID sh -c 'echo $$ >${rig.path('pid')}; exec sleep 600' & `;
    await rig.start(script('a', daemon));
    const pid = Number(await lineOf(rig.path('pid')));
    await rig.runner[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  it('goes at once when the runner is told to hurry', async () => {
    await using rig = new Rig({ graceMs: 600_000 });
    await rig.start(leaving(rig, 'setsid', "trap '' TERM; "));
    const pid = Number(await lineOf(rig.path('pid')));
    rig.runner.hurry();
    await rig.runner[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
  });

  it('is named to the next runner of the same state directory, unless it took the mark off', async () => {
    await using rig = new Rig();
    const free = `setsid env -u MUSTER_RUN_ID sh -c 'echo $$ >${rig.path('free')}; exec sleep 600' & `;
    await rig.start(leaving(rig, 'background'), script('b', free));
    const [pid, other] = [Number(await lineOf(rig.path('pid'))), Number(await lineOf(rig.path('free')))];
    await using next = new Rig({ stateDir: rig.path('state') });
    await next.runner.init([script('a', 'true')]);
    const [said] = next.said.filter(({ level }) => level === 'warn');
    expect(said?.message).toContain('left alone');
    expect(said?.facts).toMatchObject({ pids: expect.arrayContaining([pid]) });
    expect(said?.facts).not.toMatchObject({ pids: expect.arrayContaining([other]) });
    process.kill(other, 'SIGKILL');
  });

  it('does not go when another runner is disposed', async () => {
    await using rig = new Rig();
    await using other = new Rig();
    await rig.start(leaving(rig, 'setsid'));
    await other.runner[Symbol.asyncDispose]();
    expect(isAlive(Number(await lineOf(rig.path('pid'))))).toBe(true);
  });
});
