import { linesOf } from '@muster/scripts';
import { describe, expect, it } from 'vitest';
import { Rig, script } from './support/rig.ts';

const LINES = 400_000;
const LINE = /^\d{9} z{61}$/;

describe('a script that writes fast while its log is cut again and again', () => {
  it('has no two lines joined, and what a sink that keeps up did not get is told', async () => {
    await using rig = new Rig({ retention: { bytesPerRun: 200_000 } });
    const text = `seq -f '%09.0f ${'z'.repeat(61)}' 0 ${LINES - 1}`;
    const [report] = await rig.start(script('a', text));
    await rig.runner[Symbol.asyncDispose]();
    const lines = rig.batches.flatMap((batch) => [...linesOf(batch)]);
    const whole = lines.filter((line) => LINE.test(line)).map((line) => Number.parseInt(line, 10));
    expect(whole).toEqual(whole.toSorted((a, b) => a - b));
    expect(lines.filter((line) => line.length > 71)).toEqual([]);
    expect(
      rig
        .log(report)
        .split('\n')
        .filter((line) => line.length > 71),
    ).toEqual([]);
    const warnings = rig.said.filter(({ level }) => level === 'warn').map(({ message }) => message);
    if (whole.length < LINES) expect(warnings.join('\n')).toMatch(/was not passed on|may be lost/);
    expect(whole.at(-1)).toBe(LINES - 1);
  });
});
