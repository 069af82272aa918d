import type { EventInfo, UnitInfo } from '@muster/socket/protocol';
import { type Board, namedOnly, type WatchedUnit } from './board.ts';

/** An event, and its unit after it. */
export interface Change {
  readonly event: EventInfo;
  readonly unit: WatchedUnit;
}

/** How many causes a unit shows, as the agent does: the nearest, and the root of the trouble last. */
const MAX_CAUSES = 10;

type Completed = Extract<EventInfo, { type: 'completed' }>;
type DependencySet = Extract<EventInfo, { type: 'dependency_set' }>;

/**
 * The board after some events, and what each of them changed. Events that the board has behind it change nothing; they
 * are told all the same. Takes time in proportion to the board and the events together, so many events belong in one call.
 */
export function fold(
  board: Board,
  events: readonly EventInfo[],
): { readonly board: Board; readonly changes: Change[] } {
  const draft = new Draft(board);
  const changes = events.map((event): Change => {
    if (event.seq > draft.seq) draft.apply(event);
    return { event, unit: draft.unit(event.unit) };
  });
  return { board: draft.board(), changes };
}

/** A board that is being changed. Every unit on it is immutable. */
class Draft {
  seq: number;
  readonly #units: Map<string, WatchedUnit>;
  readonly #unsure: Set<string>;
  /** Who waits for a unit. */
  readonly #waiters = new Map<string, Set<string>>();

  constructor({ seq, units, unsure }: Board) {
    this.seq = seq;
    this.#units = new Map(units);
    this.#unsure = new Set(unsure);
    for (const { unit, waitingFor } of units.values())
      for (const name of waitingFor.keys()) this.#addWaiter(name, unit);
  }

  board(): Board {
    return { seq: this.seq, units: this.#units, unsure: this.#unsure };
  }

  unit(name: string): WatchedUnit {
    return this.#units.get(name) ?? namedOnly(name);
  }

  apply(event: EventInfo): void {
    this.seq = event.seq;
    switch (event.type) {
      case 'registered':
        this.#change(event.unit, { status: 'pending', changedAt: event.at });
        break;
      case 'dependency_set':
        this.#setDependency(event);
        break;
      case 'started':
        this.#change(event.unit, {
          ...{ status: 'started', run: event.run, changedAt: event.at, startedAt: event.at, begun: true },
          ...{ owner: event.owner, note: null },
          waitingFor: new Map(),
        });
        this.#tellStarted(event.unit);
        break;
      case 'completed':
        this.#complete(event);
        break;
      case 'noted':
        this.#change(event.unit, { note: event.note });
        break;
      default:
        // An event that only a later version knows.
        event satisfies never;
    }
  }

  #change(name: string, fields: Partial<WatchedUnit>): void {
    this.#units.set(name, { ...this.unit(name), ...fields });
  }

  #setDependency({ unit: name, dependsOn, requires }: DependencySet): void {
    const dependency = this.unit(dependsOn);
    if (!this.#units.has(dependsOn)) this.#units.set(dependsOn, dependency);
    const unit = this.unit(name);
    // Of a unit that was started before it counts from the next start on, which finds it met.
    if (unit.status !== 'pending') return;
    const isMet = meets(dependency, requires);
    const waitingFor = new Map(unit.waitingFor);
    if (isMet === true) waitingFor.delete(dependsOn);
    else waitingFor.set(dependsOn, requires);
    if (isMet === null) this.#unsure.add(name);
    this.#addWaiter(dependsOn, name);
    this.#change(name, { waitingFor });
  }

  #complete({ unit: name, run, at, outcome, exitCode, signal, reason, forced, because }: Completed): void {
    const unit = this.unit(name);
    const hasBegun = outcome !== 'skipped' && outcome !== 'canceled';
    this.#change(name, {
      ...{ status: 'completed', run, outcome, exitCode, signal, reason, forced, changedAt: at },
      owner: unit.status === 'started' ? unit.owner : null,
      waitingFor: new Map(),
      causes: because === null ? [] : this.#causes(because),
      startedAt: unit.status === 'started' ? unit.startedAt : null,
      begun: hasBegun || unit.begun,
    });
    this.#unsure.delete(name);
    // Whoever needed another outcome is skipped by an event of its own, so nobody waits for this any more.
    for (const waiter of this.#waiters.get(name) ?? []) this.#meet(waiter, name);
  }

  #tellStarted(name: string): void {
    for (const waiter of this.#waiters.get(name) ?? []) {
      const requires = this.unit(waiter).waitingFor.get(name);
      if (requires === 'started') this.#meet(waiter, name);
      if (requires === null) this.#unsure.add(waiter);
    }
  }

  #meet(waiter: string, dependsOn: string): void {
    const { waitingFor } = this.unit(waiter);
    if (!waitingFor.has(dependsOn)) return;
    const rest = new Map(waitingFor);
    rest.delete(dependsOn);
    this.#change(waiter, { waitingFor: rest });
  }

  #causes({ dependsOn, requires }: NonNullable<Completed['because']>): UnitInfo['causes'] {
    const { outcome, exitCode, signal, reason, causes } = this.unit(dependsOn);
    // Unseen only after a gap in the events, which a snapshot then fills.
    if (outcome === null) return [];
    const chain = [{ dependsOn, requires, outcome, exitCode, signal, reason }, ...causes];
    return chain.length <= MAX_CAUSES ? chain : [...chain.slice(0, MAX_CAUSES - 1), ...chain.slice(-1)];
  }

  #addWaiter(name: string, waiter: string): void {
    const waiters = this.#waiters.get(name);
    if (waiters === undefined) this.#waiters.set(name, new Set([waiter]));
    else waiters.add(waiter);
  }
}

/** Whether a dependency is met; `null` where that was not seen. */
function meets({ outcome, begun }: WatchedUnit, requires: DependencySet['requires']): boolean | null {
  switch (requires) {
    case 'started':
      return begun;
    case 'completed':
      return outcome !== null;
    case 'succeeded':
      return outcome === 'succeeded';
    default:
      return requires satisfies never;
  }
}
