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
  // On a machine that stands still for long the reader may miss something. That is told, and breaks lines only beside it.
  const parts = stdout.split(/\n\[muster: .*\]\n/).map((part) => part.split('\n'));
  const isWhole = (text: string): boolean => text.length === 71 && text.endsWith(line);
  expect(parts.flatMap((part) => part.slice(1, -1)).filter((each) => !isWhole(each))).toEqual([]);
  const numbers = parts
    .flat()
    .filter(isWhole)
    .map((each) => Number.parseInt(each, 10));
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  expect(numbers.at(-1)).toBe(599_999);
  if (parts.length === 1) expect(numbers).toHaveLength(600_000);
}, 60_000);

test('a script that writes one line again and again is followed to its end, while its log is cut', async () => {
  await using place = await Workplace.create();
  // 41 MB, at the same pace.
  const agent = await place.agent(`version: 1
external: [go]
scripts:
  same:
    needs: go
    run: |
      round=0
      while [ $round -lt 60 ]; do
        yes samelinesameline | head -n 40000
        round=$((round + 1))
        sleep 0.05
      done
`);
  const following = place.run('sh', '-c', 'muster logs -f same | sort | uniq -c');
  await agent.until((units) => units.get('same')?.status === 'pending');
  await place.muster('complete', 'go');
  const { stdout } = await following;
  const { stdout: path } = await place.muster('logs', '--path', 'same');
  expect(await readFile(path, 'utf8')).toMatch(/\n\[muster: about \d+ bytes were cut out here\]\n/);
  // On a machine that stands still for long the reader may miss something, which is told then.
  if (!stdout.includes('[muster: ')) expect(stdout.trim()).toBe('2400000 samelinesameline');
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
