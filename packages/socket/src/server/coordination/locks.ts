import type { UnitManager } from '@muster/unit';
import type { LockInfo } from '../../protocol/shapes.ts';
import { toTime } from '../to-time.ts';
import { presentUnit, type Within } from './within.ts';

/** Whoever claims locks; when it goes, it leaves all of them. */
export interface LockHolder {
  /** Calls back once when the holder, still there now, has gone. Dispose of the result to stop. */
  onEnd(action: () => void): Disposable;
}

/** One place in a lock or in the line for it; the identity of the object is what counts. */
export interface LockClaim {
  readonly name: string;
  /** How many may hold the lock at once while this claim is one of them. */
  readonly limit: number;
  /** Who claims it, in words. */
  readonly label: string | null;
  /** The run that claims it with its work; `null`: none. */
  readonly within: Within | null;
  readonly holder: LockHolder;
}

interface Claimed {
  readonly claim: LockClaim;
  readonly since: number;
  /** Called when its turn comes; the claim holds the lock then. */
  readonly onTurn: () => void;
  readonly subscription: Disposable;
}

/** A lock that somebody holds or waits for. */
interface Lock {
  readonly holders: Claimed[];
  readonly line: Claimed[];
}

/**
 * Mutexes and semaphores of the workspace, first come first served.
 *
 * A claim holds the lock when nobody waits in front of it and fewer hold it than its own limit and that of every holder:
 * so whoever asked to be alone is alone, and one that would fit never overtakes one that does not yet.
 */
export class Locks {
  readonly #units: Pick<UnitManager, 'find'>;
  readonly #now: () => number;
  readonly #locks = new Map<string, Lock>();

  /** @param now milliseconds since the epoch */
  constructor(units: Pick<UnitManager, 'find'>, now: () => number) {
    this.#units = units;
    this.#now = now;
  }

  /** Joins the line. `onTurn` is called once, possibly at once, unless the claim is released before. */
  claim(claim: LockClaim, onTurn: () => void): void {
    const lock = this.#locks.get(claim.name) ?? { holders: [], line: [] };
    this.#locks.set(claim.name, lock);
    const subscription = claim.holder.onEnd(() => this.release(claim));
    lock.line.push({ claim, since: this.#now(), onTurn, subscription });
    this.#serve(claim.name, lock);
  }

  /** Leaves the lock, or the line for it. */
  release(claim: LockClaim): void {
    const lock = this.#locks.get(claim.name);
    if (lock === undefined) return;
    for (const list of [lock.holders, lock.line]) {
      const index = list.findIndex((entry) => entry.claim === claim);
      for (const { subscription } of index < 0 ? [] : list.splice(index, 1)) subscription[Symbol.dispose]();
    }
    this.#serve(claim.name, lock);
  }

  /** Leaves a lock that it holds, where it holds it several times the oldest claim. @returns whether it held it. */
  releaseHeld(name: string, holder: LockHolder): boolean {
    const held = this.#locks.get(name)?.holders.find(({ claim }) => claim.holder === holder);
    if (held !== undefined) this.release(held.claim);
    return held !== undefined;
  }

  /** How many hold the lock. */
  holdersOf(name: string): number {
    return this.#locks.get(name)?.holders.length ?? 0;
  }

  /** The run that each of the holders claims it with, where it is one. */
  holdersWithin(name: string): (Within | null)[] {
    return (this.#locks.get(name)?.holders ?? []).map(({ claim }) => claim.within);
  }

  /** Every lock that somebody holds or waits for, sorted by name. */
  list(): LockInfo[] {
    const locks = [...this.#locks].sort(([a], [b]) => (a < b ? -1 : 1));
    return locks.map(([name, { holders, line }]) => {
      return {
        name,
        limit: limitOf([...holders, ...line.slice(0, 1)]),
        holders: holders.map((claimed) => this.#show(claimed)),
        waiting: line.map((claimed) => this.#show(claimed)),
      };
    });
  }

  #show({ claim, since }: Claimed): LockInfo['holders'][number] {
    return { label: claim.label, unit: presentUnit(this.#units, claim.within), since: toTime(since) };
  }

  #serve(name: string, { holders, line }: Lock): void {
    for (let next = line[0]; next !== undefined && holders.length < limitOf([...holders, next]); next = line[0]) {
      line.shift();
      holders.push({ ...next, since: this.#now() });
      next.onTurn();
    }
    if (holders.length === 0 && line.length === 0) this.#locks.delete(name);
  }
}

function limitOf(claimed: readonly Claimed[]): number {
  return Math.min(...claimed.map(({ claim }) => claim.limit));
}
