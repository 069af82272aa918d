import type { EventInfo } from '@muster/socket/protocol';
import * as fc from 'fast-check';
import stringWidth from 'fast-string-width';
import { expect, test } from 'vitest';
import { palette } from '../src/render/color.ts';
import { visible } from '../src/render/names.ts';
import { EMPTY_BOARD } from '../src/watch/board.ts';
import { changeLine } from '../src/watch/change-line.ts';
import { cut } from '../src/watch/cut.ts';
import { fold } from '../src/watch/fold.ts';
import { NOTHING_KNOWN, type Prospect } from '../src/watch/outlook.ts';
import { type TableView, tableLines } from '../src/watch/table-lines.ts';

const START = Date.parse('2026-01-02T03:04:05.000Z');
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
const ended = { exitCode: null, signal: null, reason: null, forced: false, because: null };

const EVENTS: readonly EventInfo[] = [
  ...['build', 'clone', 'データベース', 'deploy', 'notify', 'web'].map(
    (unit, index): EventInfo => ({ seq: index + 1, at: at(0), unit, type: 'registered' }),
  ),
  {
    seq: 7,
    at: at(0),
    unit: 'deploy',
    type: 'dependency_set',
    dependsOn: 'build',
    requires: 'succeeded',
    replaces: null,
  },
  {
    seq: 8,
    at: at(0),
    unit: 'notify',
    type: 'dependency_set',
    dependsOn: 'deploy',
    requires: 'succeeded',
    replaces: null,
  },
  { seq: 9, at: at(0), unit: 'web', type: 'dependency_set', dependsOn: 'net', requires: 'started', replaces: null },
  {
    seq: 10,
    at: at(0),
    unit: 'web',
    type: 'dependency_set',
    dependsOn: 'net',
    requires: 'completed',
    replaces: 'started',
  },
  { seq: 11, at: at(0), unit: 'clone', type: 'started', run: 1, owner: null },
  { ...ended, seq: 12, at: at(3.14), unit: 'clone', type: 'completed', run: 1, outcome: 'succeeded' },
  { seq: 13, at: at(1), unit: 'build', type: 'started', run: 1, owner: null },
  {
    ...{ ...ended, exitCode: 2, reason: 'no disk' },
    ...{ seq: 14, at: at(62), unit: 'build', type: 'completed', run: 1, outcome: 'failed' },
  },
  {
    ...{ ...ended, because: { dependsOn: 'build', requires: 'succeeded' } },
    ...{ seq: 15, at: at(62), unit: 'deploy', type: 'completed', run: 1, outcome: 'skipped' },
  },
  {
    ...{ ...ended, because: { dependsOn: 'deploy', requires: 'succeeded' } },
    ...{ seq: 16, at: at(62), unit: 'notify', type: 'completed', run: 1, outcome: 'skipped' },
  },
  { seq: 17, at: at(62), unit: 'データベース', type: 'started', run: 1, owner: null },
];
const { board, changes } = fold(EMPTY_BOARD, EVENTS);
const view: TableView = {
  ...{ names: new Set(), width: 100, height: 30 },
  ...{ now: START + 65_999, colors: palette(false), prospectOf: () => NOTHING_KNOWN },
};
const table = (more: Partial<TableView>): string => `${tableLines(board, { ...view, ...more }).join('\n')}\n`;

test('the table has every unit in every state', () => {
  expect(table({})).toMatchInlineSnapshot(`
    "7 units: 1 started, 1 failed, 1 pending, 1 not registered, 2 skipped, 1 succeeded
    UNIT          STATE             TIME  DETAILS
    build         ✗ failed          1m1s  exit code 2 (no disk)
    clone         ✓ succeeded       3.1s
    deploy        - skipped               needs "build", which failed with exit code 2 (no disk)
    net           ? not registered
    notify        - skipped               needs "deploy", which was skipped: it needs "build", which fa…
    web           · pending               waits for "net"
    データベース  ▸ started         3s
    "
  `);
});

test('the table with what is expected of a unit that runs, and what its work waits for', () => {
  const wait = {
    kind: 'wait',
    label: 'muster wait (pid 7)',
    unit: 'データベース',
    since: at(63),
    until: null,
  } as const;
  const awaited = {
    awaits: ['net'],
    awaitsTotal: 1,
    for: 'succeeded',
    any: false,
    startup: false,
    lock: null,
  } as const;
  const prospect: Prospect = { expectedMs: 41_000, waits: [{ ...wait, ...awaited, awaits: ['net'] }] };
  const text = table({ names: new Set(['データベース', 'web', 'build']), prospectOf: () => prospect });
  expect(text).toMatchInlineSnapshot(`
    "3 units: 1 started, 1 failed, 1 pending
    UNIT          STATE      TIME       DETAILS
    build         ✗ failed   1m1s       exit code 2 (no disk)
    web           · pending             waits for "net"
    データベース  ▸ started  3s of 41s  its work waits for "net" to succeed
    "
  `);
});

test('the table in 50 columns', () => {
  expect(table({ width: 50 })).toMatchInlineSnapshot(`
    "7 units: 1 started, 1 failed, 1 pending, 1 not re…
    UNIT          STATE             TIME  DETAILS
    build         ✗ failed          1m1s  exit code 2…
    clone         ✓ succeeded       3.1s
    deploy        - skipped               needs "buil…
    net           ? not registered
    notify        - skipped               needs "depl…
    web           · pending               waits for "…
    データベース  ▸ started         3s
    "
  `);
});

test('the table in 15 columns', () => {
  expect(table({ width: 15 })).toMatchInlineSnapshot(`
    "7 units: 1 sta…
    UNIT      STATE
    build     ✗ fa…
    clone     ✓ su…
    deploy    - sk…
    net       ? no…
    notify    - sk…
    web       · pe…
    データ…   ▸ st…
    "
  `);
});

test('of too many units those stay that most need an eye, in their order', () => {
  expect(table({ height: 6 })).toMatchInlineSnapshot(`
    "7 units: 1 started, 1 failed, 1 pending, 1 not registered, 2 skipped, 1 succeeded
    UNIT          STATE      TIME  DETAILS
    build         ✗ failed   1m1s  exit code 2 (no disk)
    web           · pending        waits for "net"
    データベース  ▸ started  3s
    … and 4 more: make the window taller, or name units.
    "
  `);
});

test('only the units that were asked for, also those that nobody has mentioned', () => {
  expect(table({ names: new Set(['web', 'typo']) })).toMatchInlineSnapshot(`
    "2 units: 1 pending, 1 not registered
    UNIT  STATE             TIME  DETAILS
    typo  ? not registered
    web   · pending               waits for "net"
    "
  `);
});

test('the table in colour', () => {
  expect(table({ colors: palette(true), width: 60 })).toMatchInlineSnapshot(`
    "7 units: 1 started, 1 failed, 1 pending, 1 not registered, …
    UNIT          STATE             TIME  DETAILS
    build         [31m✗ failed[39m          1m1s  [2mexit code 2 (no disk)[22m
    clone         [32m✓ succeeded[39m       3.1s
    deploy        [2m- skipped[22m               [2mneeds "build", which …[22m
    net           [2m? not registered[22m
    notify        [2m- skipped[22m               [2mneeds "deploy", which…[22m
    web           · pending               [2mwaits for "net"[22m
    データベース  [33m▸ started[39m         3s
    "
  `);
});

test('no units', () => {
  expect(tableLines(EMPTY_BOARD, view)).toEqual(['No units yet.']);
});

test('the time of a running unit goes by seconds, and never backwards', () => {
  const timeAt = (now: number): string | undefined => /started\s+(\S+)/.exec(table({ now }))?.[1];
  expect([61_000, 62_000, 62_999, 63_000, 3_662_000].map((ms) => timeAt(START + ms))).toMatchInlineSnapshot(`
    [
      "0s",
      "0s",
      "0s",
      "1s",
      "1h",
    ]
  `);
});

test('each change is a line', () => {
  expect(`${changes.map(changeLine).join('\n')}\n`).toMatchInlineSnapshot(`
    "2026-01-02T03:04:05.000Z  build  registered
    2026-01-02T03:04:05.000Z  clone  registered
    2026-01-02T03:04:05.000Z  データベース  registered
    2026-01-02T03:04:05.000Z  deploy  registered
    2026-01-02T03:04:05.000Z  notify  registered
    2026-01-02T03:04:05.000Z  web  registered
    2026-01-02T03:04:05.000Z  deploy  depends on "build" (needs succeeded)
    2026-01-02T03:04:05.000Z  notify  depends on "deploy" (needs succeeded)
    2026-01-02T03:04:05.000Z  web  depends on "net" (needs started)
    2026-01-02T03:04:05.000Z  web  depends on "net" (needs completed, no longer started)
    2026-01-02T03:04:05.000Z  clone  started (run 1)
    2026-01-02T03:04:08.140Z  clone  succeeded after 3.1s (run 1)
    2026-01-02T03:04:06.000Z  build  started (run 1)
    2026-01-02T03:05:07.000Z  build  failed with exit code 2 (no disk) after 1m1s (run 1)
    2026-01-02T03:05:07.000Z  deploy  was skipped: needs "build", which failed with exit code 2 (no disk) (run 1)
    2026-01-02T03:05:07.000Z  notify  was skipped: needs "deploy", which was skipped: it needs "build", which failed with exit code 2 (no disk) (run 1)
    2026-01-02T03:05:07.000Z  データベース  started (run 1)
    "
  `);
});

test('no line is wider than the terminal or drives it, whatever the names', () => {
  void fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 10 }),
      (names, width, height) => {
        const events = [...new Set(names)].map(
          (unit, index): EventInfo => ({ seq: index + 1, at: at(0), unit, type: 'registered' }),
        );
        const lines = tableLines(fold(EMPTY_BOARD, events).board, { ...view, width, height });
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
          expect(visible(line)).toBe(line);
        }
      },
    ),
  );
});

test('what is cut says so, between characters', () => {
  expect([
    cut('abc', 3),
    cut('abcd', 3),
    cut('データ', 4),
    cut('e\u0301e\u0301e\u0301', 2),
    cut('ab', 1),
    cut('ab', 0),
  ]).toEqual(['abc', 'ab…', 'デ…', 'e\u0301…', '…', '']);
});
