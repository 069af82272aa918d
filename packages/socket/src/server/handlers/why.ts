import {
  type BlockerOfMany,
  blockersOf,
  parseUnitId,
  type RootBlocker,
  rankBlockers,
  type UnitSnapshot,
} from '@muster/unit';
import type { BlockerInfo, WaitInfo } from '../../protocol/shapes.ts';
import { nearestNames } from '../nearest-names.ts';
import { toTime } from '../to-time.ts';
import type { Backend, Handler } from './handler.ts';
import { known } from './queries.ts';
import { shownWaits } from './waits.ts';

/** How many of the units that it holds up a blocker names. */
const MAX_HELD_UP = 100;

/** Of how many blockers the names are compared with all others: each takes a few milliseconds with 10,000 names. */
const MAX_COMPARED = 10;

export const why: Handler<'sync.why'> = ({ unit }, backend) => {
  const { units, locks, views, waits } = backend;
  const found = unit === undefined ? null : find(backend, unit);
  const snapshot = units.snapshot();
  const edges = waits.edges();
  const ranking = rankBlockers(snapshot, edges);
  const heldUpBy = new Map(ranking.flatMap((blocker) => unitsOf(blocker).map((name) => [name, blocker] as const)));
  const blockers = found === null ? ranking : blockersOf(snapshot, found.unit, edges);
  const nearest = nearestRegistered(backend, blockers);
  const shown = blockers.map((blocker) => ({
    ...toBlockerInfo(backend, blocker, heldUpBy.get(blocker.unit)),
    nearest: nearest.get(blocker.unit) ?? [],
  }));
  return {
    unit: found === null ? null : views.of(found),
    blockers: shown,
    ...shownWaits(found === null ? waits.all() : waits.all().filter(isAbout(found.unit, shown))),
    locks: locks.list(),
  };
};

/** Also a name that nobody has mentioned but who waits for it. */
function find({ units, names, waits }: Backend, unit: string): UnitSnapshot {
  if (units.find(unit) === null && waits.isAwaited(unit)) return unmentioned(parseUnitId(unit));
  return known(units, unit, names);
}

function unmentioned(unit: UnitSnapshot['unit']): UnitSnapshot {
  const nothing = { status: null, outcome: null, changedAt: null, completion: null, owner: null, note: null };
  return { unit, ...nothing, ready: true, run: 0 };
}

/** A circle is told from any of its units. */
function unitsOf({ unit, circle }: RootBlocker): readonly string[] {
  return circle.length === 0 ? [unit] : circle;
}

/** Whether a wait tells something about a unit: it waits for the unit, or keeps the unit or another on its paths at work. */
function isAbout(
  asked: string,
  blockers: readonly Pick<BlockerInfo, 'path' | 'circle'>[],
): (wait: WaitInfo) => boolean {
  const onPaths = new Set([asked, ...blockers.flatMap(({ path, circle }) => [...path, ...circle])]);
  return ({ unit, awaits }) => (unit !== null && onPaths.has(unit)) || awaits.includes(asked);
}

function toBlockerInfo(
  backend: Backend,
  blocker: RootBlocker & { path?: readonly string[] },
  many?: BlockerOfMany,
): Omit<BlockerInfo, 'nearest'> {
  const { unit, obstacle, since, circle, path = [] } = blocker;
  const { outcome = null, owner = null } = backend.units.find(unit) ?? {};
  const heldUp = many?.heldUp ?? [];
  return {
    unit,
    obstacle,
    since: since === null ? null : toTime(since),
    outcome,
    owner,
    expectedMs: backend.views.expectedMs(unit),
    circle: [...circle],
    path: [...path],
    heldUp: heldUp.slice(0, MAX_HELD_UP),
    heldUpTotal: heldUp.length,
    willRun: obstacle === 'not_started' && backend.ownership.willRun(unit),
    isOwned: backend.ownership.isOwned(unit),
    isHopeless: isHopeless(backend, blocker),
  };
}

/** For names that nobody has registered: registered ones that may have been meant. */
function nearestRegistered({ units, names }: Backend, blockers: readonly RootBlocker[]): Map<string, string[]> {
  const unregistered = blockers.filter(({ obstacle }) => obstacle === 'not_registered').slice(0, MAX_COMPARED);
  if (unregistered.length === 0) return new Map();
  const registered = [...names].filter((name) => (units.find(name)?.status ?? null) !== null);
  return new Map(unregistered.map(({ unit }) => [unit, nearestNames(unit, registered)]));
}

/**
 * A unit of a script that the agent will not run any more, and that nobody else may report; or a circle in which all work is known
 * to do nothing but wait, without a limit.
 */
function isHopeless({ ownership, units, waits }: Backend, { unit, obstacle, circle }: RootBlocker): boolean {
  if (obstacle === 'circle')
    return circle.every((name) => units.find(name)?.status !== 'started' || waits.waitsForEver(name));
  return (obstacle === 'not_started' || obstacle === 'ended') && ownership.isOwned(unit) && !ownership.willRun(unit);
}
