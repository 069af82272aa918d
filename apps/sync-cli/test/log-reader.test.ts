import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LogReader } from '../src/logs/log-reader.ts';
import { cutLog, TestRuns } from './support/runs.ts';

let runs: TestRuns;
beforeEach(() => {
  runs = new TestRuns();
});
afterEach(() => runs[Symbol.dispose]());

const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index} of a script that writes much\n`).join('');

/** Twenty bytes. */
const SAME = 'the same line again\n';

/** What stays of the beginning of a log when the agent cuts it. */
const BEGIN = 8 * 1024 * 1024;

describe('a log that changes under its reader', () => {
  test('is read on where it was cut and has outgrown its old length since', () => {
    const path = runs.path('log');
    writeFileSync(path, numbered(0, 2_000));
    using reader = new LogReader({ path, range: null, tail: null });
    let read = everything(reader);
    cutLog(path, { begin: 30_000, keep: 20_000 });
    appendFileSync(path, numbered(2_000, 6_000));
    read += everything(reader);
    expect(reader.isMoved).toBe(true);
    read += everything(reader);
    expect(read).toBe(numbered(0, 6_000));
  });

  test.each([1, 7])('is followed through cuts though every line is the same, cut %i bytes before a line', (odd) => {
    const path = runs.path('log');
    writeFileSync(path, SAME.repeat(700_000));
    using reader = new LogReader({ path, range: null, tail: null });
    let read = everything(reader).length;
    // By as much as it grows: what stands before the reader's place is the same as before.
    for (let round = 0; round < 4; round += 1) {
      appendFileSync(path, SAME.repeat(500));
      cutLog(path, { begin: BEGIN, keep: 1_000_000 + odd });
      appendFileSync(path, SAME.repeat(300_000));
      read += everything(reader).length + everything(reader).length;
    }
    expect(read).toBe(SAME.length * (700_000 + 4 * 300_500));
  });

  test('is followed from its tail through a cut though every line is the same', () => {
    const path = runs.path('log');
    writeFileSync(path, SAME.repeat(700_000));
    cutLog(path, { begin: BEGIN, keep: 20_003 });
    using reader = new LogReader({ path, range: null, tail: 10 });
    let read = everything(reader);
    appendFileSync(path, SAME.repeat(2_000));
    cutLog(path, { begin: BEGIN, keep: 45_001 });
    appendFileSync(path, SAME.repeat(100));
    read += everything(reader) + everything(reader);
    expect(read).toBe(SAME.repeat(10 + 2_100));
  });

  test('is cut before a reader who is slow without losing its place', () => {
    const path = runs.path('log');
    writeFileSync(path, SAME.repeat(700_000));
    using reader = new LogReader({ path, range: null, tail: null });
    const first = reader.read();
    cutLog(path, { begin: BEGIN, keep: 20_000 });
    const read = `${first}${everything(reader)}${everything(reader)}`;
    expect(read === readFileSync(path, 'utf8')).toBe(true);
  });

  test('shows where it was cut before it was read though every line is the same', () => {
    const path = runs.path('log');
    writeFileSync(path, SAME.repeat(700_000));
    using reader = new LogReader({ path, range: null, tail: null });
    const before = everything(reader);
    appendFileSync(path, SAME.repeat(30_000));
    cutLog(path, { begin: BEGIN, keep: 20_000 });
    expect(before).toBe(SAME.repeat(700_000));
    expect(everything(reader) + everything(reader)).toBe(
      `\n[muster: about ${14_600_000 - 20_000 - BEGIN} bytes were cut out here]\n${SAME.repeat(1_000)}`,
    );
  });

  test.each([0, 600])('goes on where the script wrote while it was cut, of which %i bytes are counted', (counted) => {
    const path = runs.path('log');
    writeFileSync(path, SAME.repeat(700_050));
    using reader = new LogReader({ path, range: null, tail: null });
    everything(reader);
    // What is lost of the file had been read.
    truncateSync(path, SAME.length * 700_000);
    cutLog(path, { begin: BEGIN, keep: 20_000, counted });
    appendFileSync(path, SAME.repeat(2_000));
    const read = everything(reader) + everything(reader);
    expect(read.replace(/^\n\[muster: .*\]\n/, '')).toBe(SAME.repeat(2_000));
    expect(read).toContain('[muster: ');
    // The line about it was read: it is no reason to go back to it.
    cutLog(path, { begin: BEGIN, keep: 45_000 });
    appendFileSync(path, SAME);
    expect(everything(reader) + everything(reader)).toBe(SAME);
  });

  test('is read from its beginning when it was emptied though every line is the same', () => {
    const path = runs.path('log');
    writeFileSync(path, SAME.repeat(3_000));
    using reader = new LogReader({ path, range: null, tail: null });
    everything(reader);
    truncateSync(path);
    appendFileSync(path, SAME.repeat(1_000));
    expect(everything(reader) + everything(reader)).toBe(SAME.repeat(1_000));
  });
});

function everything(reader: LogReader): string {
  const pieces: Buffer[] = [];
  for (let bytes = reader.read(); bytes !== null; bytes = reader.read()) pieces.push(bytes);
  return Buffer.concat(pieces).toString();
}
