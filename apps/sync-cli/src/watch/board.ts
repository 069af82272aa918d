import type { DependencyInfo, Result, UnitInfo } from '@muster/socket/protocol';
import type { Prospect } from './outlook.ts';

/** A unit as a watcher knows it: what the agent shows of it, and what only someone who saw the events can know. */
export interface WatchedUnit extends Omit<UnitInfo, 'ready' | 'waitingFor' | keyof Prospect> {
  /** Of a pending unit: what is not met yet, with what is asked of it; `null` where a snapshot gave only the name. */
  readonly waitingFor: ReadonlyMap<string, DependencyInfo['requires'] | null>;
  /** When the latest run started, in RFC 3339; `null` where it never said so, or it was not seen. */
  readonly startedAt: string | null;
  /** Whether any run has ever begun; `null` where it was not seen. */
  readonly begun: boolean | null;
}

/** All units as of one event. Immutable: {@link fold} makes the next one. */
export interface Board {
  /** The number of the latest event; 0 before the first. */
  readonly seq: number;
  readonly units: ReadonlyMap<string, WatchedUnit>;
  /** Units whose `waitingFor` can't be told from what was seen; the agent has to be asked, see {@link resolveWaiting}. */
  readonly unsure: ReadonlySet<string>;
}

/** The board of an agent that has seen no event. */
export const EMPTY_BOARD: Board = { seq: 0, units: new Map(), unsure: new Set() };

/** The board of a snapshot of the agent. */
export function boardOf(seq: number, units: readonly UnitInfo[]): Board {
  return { seq, units: new Map(units.map((info) => [info.unit, watched(info)])), unsure: new Set() };
}

/** A name that nobody has registered. */
export function namedOnly(unit: string): WatchedUnit {
  const nothing = { status: null, outcome: null, exitCode: null, signal: null, reason: null, changedAt: null };
  const unsaid = { forced: false, owner: null, note: null };
  return { unit, ...nothing, ...unsaid, run: 0, causes: [], waitingFor: new Map(), startedAt: null, begun: false };
}

/** Takes over what the agent says of the dependencies of some units. It may be ahead of the board, which then catches up. */
export function resolveWaiting(board: Board, answers: readonly Result<'sync.status'>[]): Board {
  const units = new Map(board.units);
  const unsure = new Set(board.unsure);
  for (const { unit, dependencies } of answers) {
    const known = units.get(unit);
    unsure.delete(unit);
    if (known?.status !== 'pending') continue;
    const unmet = dependencies.filter(({ satisfied }) => !satisfied);
    units.set(unit, { ...known, waitingFor: new Map(unmet.map(({ dependsOn, requires }) => [dependsOn, requires])) });
  }
  return { ...board, units, unsure };
}

function watched({ ready: _, waits: _w, expectedMs: _e, waitingFor, ...info }: UnitInfo): WatchedUnit {
  return {
    ...info,
    waitingFor: new Map(waitingFor.map((name) => [name, null])),
    startedAt: info.status === 'started' ? info.changedAt : null,
    begun: hasBegun(info),
  };
}

/** What was skipped or canceled has not begun, but an earlier run may have. */
function hasBegun({ status, outcome, run }: Pick<UnitInfo, 'status' | 'outcome' | 'run'>): boolean | null {
  if (status === 'started') return true;
  if (outcome === null) return false;
  if (outcome !== 'skipped' && outcome !== 'canceled') return true;
  return run === 1 ? false : null;
}
