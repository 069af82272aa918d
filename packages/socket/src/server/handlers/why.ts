import { type BlockerOfMany, blockersOf, type RootBlocker, rankBlockers } from '@muster/unit';
import type { BlockerInfo } from '../../protocol/shapes.ts';
import { nearestNames } from '../nearest-names.ts';
import { toTime, toUnitInfo } from '../unit-view.ts';
import type { Backend, Handler } from './handler.ts';
import { known } from './queries.ts';

/** How many of the units that it holds up a blocker names. */
const MAX_HELD_UP = 100;

/** Of how many blockers the names are compared with all others: each takes a few milliseconds with 10,000 names. */
const MAX_COMPARED = 10;

export const why: Handler<'sync.why'> = ({ unit }, backend) => {
  const { units, names, locks } = backend;
  const found = unit === undefined ? null : known(units, unit, names);
  const snapshot = units.snapshot();
  const ranking = rankBlockers(snapshot);
  const heldUpBy = new Map(ranking.map((blocker) => [blocker.unit, blocker]));
  const blockers = found === null ? ranking : blockersOf(snapshot, found.unit);
  const nearest = nearestRegistered(backend, blockers);
  return {
    unit: found === null ? null : toUnitInfo(units, found),
    blockers: blockers.map((blocker) => ({
      ...toBlockerInfo(backend, blocker, heldUpBy.get(blocker.unit)),
      nearest: nearest.get(blocker.unit) ?? [],
    })),
    locks: locks.list(),
  };
};

function toBlockerInfo(
  backend: Backend,
  blocker: RootBlocker & { path?: readonly string[] },
  many?: BlockerOfMany,
): Omit<BlockerInfo, 'nearest'> {
  const { unit, obstacle, since, path = [] } = blocker;
  const { outcome = null, owner = null } = backend.units.find(unit) ?? {};
  const heldUp = many?.heldUp ?? [];
  return {
    unit,
    obstacle,
    since: since === null ? null : toTime(since),
    outcome,
    owner,
    path: [...path],
    heldUp: heldUp.slice(0, MAX_HELD_UP),
    heldUpTotal: heldUp.length,
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

/** A unit of a script that the agent will not run any more, and that nobody else may report. */
function isHopeless({ ownership }: Backend, { unit, obstacle }: RootBlocker): boolean {
  return (obstacle === 'not_started' || obstacle === 'ended') && ownership.isOwned(unit) && !ownership.willRun(unit);
}
