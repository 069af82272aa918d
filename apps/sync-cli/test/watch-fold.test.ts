import { SyncClient } from '@muster/socket/client';
import type { EventInfo, UnitInfo } from '@muster/socket/protocol';
import type { UnitManager } from '@muster/unit';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Board, boardOf, EMPTY_BOARD, resolveWaiting } from '../src/watch/board.ts';
import { fold } from '../src/watch/fold.ts';
import { TestAgent } from './support/agent.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const name = fc.constantFrom(...NAMES);
const operation = fc.oneof(
  fc.record({ kind: fc.constant('register' as const), unit: name }),
  fc.record({
    kind: fc.constant('want' as const),
    unit: name,
    dependsOn: name,
    requires: fc.constantFrom('started' as const, 'completed' as const, 'succeeded' as const),
  }),
  fc.record({ kind: fc.constant('start' as const), unit: name }),
  fc.record({
    kind: fc.constant('complete' as const),
    unit: name,
    outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'canceled' as const, 'skipped' as const),
  }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Refused operations are part of the game, and change nothing. */
function perform(units: UnitManager, each: Operation): void {
  try {
    if (each.kind === 'register') units.register(each.unit);
    if (each.kind === 'want') units.addDependencies(each.unit, [each]);
    if (each.kind === 'start') units.start(each.unit);
    if (each.kind === 'complete') units.complete(each.unit, { outcome: each.outcome, reason: `by ${each.unit}` });
  } catch {
    // See above.
  }
}

/** What a board knows of what `sync.list` shows. */
function shownOf({ units }: Board): object[] {
  return [...units.values()]
    .sort((a, b) => (a.unit < b.unit ? -1 : 1))
    .map(({ waitingFor, startedAt: _startedAt, begun: _begun, ...info }) => ({
      ...info,
      waitingFor: [...waitingFor.keys()].sort(),
    }));
}

/** What events tell of a unit. */
const fromEvents = (units: readonly UnitInfo[]): object[] =>
  units.map(({ ready: _ready, waits: _waits, expectedMs: _expectedMs, ...info }) => info);

/** A client that keeps every event it is told from `since` on. */
async function watcher(path: string, since: number) {
  const client = await SyncClient.connect({ path });
  const events: EventInfo[] = [];
  client.onNotification('sync.event', (event) => events.push(event));
  return { client, events, answer: await client.call('sync.watch', { since }) };
}

test('the fold of the events is what the agent lists, from the first event as from a snapshot on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { maxLength: 30 }),
      fc.array(operation, { maxLength: 30 }),
      fc.nat(40),
      async (before, after, split) => {
        await using agent = await TestAgent.listen();
        for (const each of before) perform(agent.units, each);
        const whole = await watcher(agent.socket, 0);
        const late = await watcher(agent.socket, Number.MAX_SAFE_INTEGER);
        for (const each of after) perform(agent.units, each);
        const { units } = await whole.client.call('sync.list', {});
        await late.client.call('ping', {});

        const half = fold(EMPTY_BOARD, whole.events.slice(0, split)).board;
        const fromFirst = fold(half, whole.events.slice(split)).board;
        let fromSnapshot = fold(boardOf(late.answer.seq, late.answer.snapshot ?? []), late.events).board;
        const answers = [...fromSnapshot.unsure].map((unit) => late.client.call('sync.status', { unit }));
        fromSnapshot = resolveWaiting(fromSnapshot, await Promise.all(answers));
        await Promise.all([whole.client.close(), late.client.close()]);

        expect(shownOf(fromFirst)).toEqual(fromEvents(units));
        expect([...fromFirst.unsure]).toEqual([]);
        expect(shownOf(fromSnapshot)).toEqual(fromEvents(units));
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('events that the board has behind it are told, and change nothing', () => {
  const at = '2026-01-02T03:04:05.006Z';
  const registered: EventInfo = { seq: 1, at, unit: 'a', type: 'registered' };
  const { board } = fold(EMPTY_BOARD, [registered, { seq: 2, at, unit: 'a', type: 'started', run: 1, owner: null }]);
  const again = fold(board, [registered]);
  expect(again.board).toEqual(board);
  expect(again.changes).toEqual([{ event: registered, unit: board.units.get('a') }]);
});
