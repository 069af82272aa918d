import type { UnitManager, WorkWait } from '@muster/unit';
import type { WaitInfo } from '../../protocol/shapes.ts';
import { toTime } from '../to-time.ts';
import type { Locks } from './locks.ts';
import type { Startup } from './startup.ts';
import { presentUnit, type Within } from './within.ts';

/** How many names a wait shows; it counts the others. */
const MAX_AWAITED = 100;

/** Who waits, and how long at the most. */
export interface Waiter {
  readonly label: string | null;
  readonly within: Within | null;
  /** 0: for ever. */
  readonly timeoutMs: number;
}

/** What somebody waits for. */
export type Awaited =
  /** To start this unit. */
  | { readonly kind: 'start'; readonly unit: string }
  /** For the end of the present run of this unit, which it holds. */
  | { readonly kind: 'run'; readonly unit: string }
  | {
      readonly kind: 'wait';
      /** The units that have not come far enough yet. */
      readonly unmet: () => readonly string[];
      readonly for: NonNullable<WaitInfo['for']>;
      readonly any: boolean;
      readonly startup: boolean;
    }
  /** For its turn with this lock. */
  | { readonly kind: 'lock'; readonly lock: string };

interface Wait {
  readonly waiter: Waiter;
  readonly awaited: Awaited;
  readonly since: number;
}

interface WaitsOptions {
  readonly units: Pick<UnitManager, 'find'>;
  readonly locks: Pick<Locks, 'holdersWithin'>;
  readonly startup: Pick<Startup, 'pending'>;
  /** Whether nothing else goes on in the session of a process. */
  readonly isAllOfItsSession: (pid: number) => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Every request that waits, so that whoever asks why can be told. */
export class Waits {
  readonly #options: WaitsOptions;
  readonly #waits = new Set<Wait>();
  /** Those that belong to the work of a unit. */
  readonly #ofUnit = new Map<string, Set<Wait>>();

  constructor(options: WaitsOptions) {
    this.#options = options;
  }

  /** From now on, until the result is disposed of. */
  begin(waiter: Waiter, awaited: Awaited): Disposable {
    const wait = { waiter, awaited, since: this.#options.now() };
    const { within } = waiter;
    this.#waits.add(wait);
    if (within !== null) this.#ofUnit.set(within.unit, (this.#ofUnit.get(within.unit) ?? new Set()).add(wait));
    return { [Symbol.dispose]: () => this.#end(wait) };
  }

  /** Everybody, who has waited longest first. */
  all(): WaitInfo[] {
    return [...this.#waits].map((wait) => this.#show(wait));
  }

  /** What the present run of a unit waits for with its work, oldest first. */
  ofWork(unit: string): WaitInfo[] {
    return this.#presentOf(unit).map((wait) => this.#show(wait));
  }

  /**
   * Whether the work of a unit is known to do nothing but wait, for ever: whatever its processes are, they wait for one of
   * their own that has no time limit.
   */
  waitsForEver(unit: string): boolean {
    const { isAllOfItsSession } = this.#options;
    return this.#presentOf(unit).some(({ waiter: { timeoutMs, within } }) => {
      return timeoutMs === 0 && within?.pid !== undefined && isAllOfItsSession(within.pid);
    });
  }

  /** Whether somebody waits for a unit of that name, which need not be known otherwise. */
  isAwaited(unit: string): boolean {
    for (const { awaited } of this.#waits) if (awaited.kind === 'wait' && awaited.unmet().includes(unit)) return true;
    return false;
  }

  /** The waits that belong to the work of units, as the unit manager's search for blockers takes them. */
  edges(): WorkWait[] {
    return [...this.#ofUnit.values()].flatMap((waits) => [...waits].flatMap((wait) => this.#edges(wait)));
  }

  #end(wait: Wait): void {
    this.#waits.delete(wait);
    const unit = wait.waiter.within?.unit;
    const others = unit === undefined ? undefined : this.#ofUnit.get(unit);
    others?.delete(wait);
    if (unit !== undefined && others?.size === 0) this.#ofUnit.delete(unit);
  }

  #presentOf(unit: string): Wait[] {
    const { units } = this.#options;
    const waits = [...(this.#ofUnit.get(unit) ?? [])];
    return waits.filter((wait) => presentUnit(units, wait.waiter.within) !== null);
  }

  #edges({ waiter: { within }, awaited }: Wait): WorkWait[] {
    if (within === null) return [];
    switch (awaited.kind) {
      case 'start':
      case 'run':
        return [{ ...within, awaits: [awaited.unit], any: false }];
      case 'wait': {
        const ofStartup = awaited.startup ? this.#options.startup.pending() : [];
        return [
          { ...within, awaits: awaited.unmet(), any: awaited.any },
          { ...within, awaits: ofStartup, any: false },
        ];
      }
      case 'lock':
        return this.#edgesOfLock(within, awaited.lock);
      default:
        return awaited satisfies never;
    }
  }

  /** Whoever gives it back first lets the next one in. A holder that belongs to no unit may do so at any time. */
  #edgesOfLock(within: Within, name: string): WorkWait[] {
    const holders = this.#options.locks.holdersWithin(name);
    const units = holders.map((holder) => presentUnit(this.#options.units, holder)).filter((unit) => unit !== null);
    return units.length < holders.length ? [] : [{ ...within, awaits: units, any: true }];
  }

  #show({ waiter, awaited, since }: Wait): WaitInfo {
    const { label, within, timeoutMs } = waiter;
    const base = {
      label,
      unit: presentUnit(this.#options.units, within),
      since: toTime(since),
      until: timeoutMs === 0 ? null : toTime(since + timeoutMs),
      for: null,
      any: false,
      startup: false,
      lock: null,
    };
    switch (awaited.kind) {
      case 'start':
      case 'run':
        return { kind: awaited.kind, ...base, awaits: [awaited.unit], awaitsTotal: 1 };
      case 'wait': {
        const { for: goal, any, startup } = awaited;
        const unmet = awaited.unmet();
        const awaits = unmet.slice(0, MAX_AWAITED);
        return { kind: 'wait', ...base, awaits, awaitsTotal: unmet.length, for: goal, any, startup };
      }
      case 'lock':
        return { kind: 'lock', ...base, awaits: [], awaitsTotal: 0, lock: awaited.lock };
      default:
        return awaited satisfies never;
    }
  }
}
