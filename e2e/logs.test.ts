import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Workplace } from './support/workplace.ts';

test('a script is followed from its start to its end, while its log is cut', async () => {
  await using place = await Workplace.create();
  // 43 MB, at a pace that a reader who looks ten times a second can follow; a log is cut at 16 MiB.
  const line = 'z'.repeat(61);
  const agent = await place.agent(`version: 1
external: [go]
scripts:
  big:
    needs: go
    run: |
      round=0
      while [ $round -lt 60 ]; do
        seq -f '%09.0f ${line}' $((round * 10000)) $((round * 10000 + 9999))
        round=$((round + 1))
        sleep 0.05
      done
`);
  const following = place.muster('logs', '-f', 'big');
  await agent.until((units) => units.get('big')?.status === 'pending');
  await place.muster('complete', 'go');
  const { exitCode, stdout } = await following;
  expect(exitCode).toBe(0);
  const { stdout: path } = await place.muster('logs', '--path', 'big');
  expect(await readFile(path, 'utf8')).toMatch(/\n\[muster: about \d+ bytes were cut out here\]\n/);
  const lines = stdout.split('\n');
  // A machine that stands still for long may let the reader miss something, which the line of the agent tells then.
  const whole = lines.filter((each) => each.length === 71).map((each) => Number.parseInt(each, 10));
  expect(lines.filter((each) => each.length !== 71 && !/^(\[muster: .*\])?$/.test(each))).toEqual([]);
  expect(whole).toEqual(whole.toSorted((a, b) => a - b));
  expect(new Set(whole).size).toBe(whole.length);
  expect(whole.at(-1)).toBe(599_999);
}, 60_000);

test('a script reads its own log, and whoever comes late the logs of several', async () => {
  await using place = await Workplace.create();
  const agent = await place.agent(`version: 1
scripts:
  first: { run: "echo hello; muster logs --path > path" }
  second: { after: first, run: "echo world" }
`);
  await agent.completed('second');
  expect((await place.muster('logs', 'first', 'second')).stdout).toBe('first  | hello\nsecond | world');
  expect((await place.run('cat', `${place.folder}/path`)).stdout).toBe(
    (await place.muster('logs', '--path', 'first')).stdout,
  );
});
