import type { Completion } from './completion.ts';
import type { Started } from './event.ts';
import { grow } from './graph/grow.ts';
import type { UnitId } from './id.ts';
import type { UnitSnapshot } from './snapshot.ts';
import { type Outcome, type Requirement, STATUSES, type Status } from './status.ts';

/** What a dependency has come to, judged by the unit behind it. */
export type Standing = 'waiting' | 'satisfied' | 'impossible';

/** Named as a dependency, registered by nobody. */
const NAMED = 0;

/** The state of every unit, in columns: node number → value. Knows single units only, no edges. */
export class UnitTable {
  readonly #nodes = new Map<string, number>();
  readonly #ids: UnitId[] = [];
  readonly #completions: (Completion | null)[] = [];
  readonly #owners = new Map<number, string>();
  readonly #notes = new Map<number, string>();
  #status = new Uint8Array(64);
  #begun = new Uint8Array(64);
  #run = new Int32Array(64);
  #changedAt = new Float64Array(64);

  get size(): number {
    return this.#ids.length;
  }

  find(id: string): number | undefined {
    return this.#nodes.get(id);
  }

  /** Takes a name up as the next node: named, but not registered. */
  add(id: UnitId): void {
    const node = this.#ids.length;
    if (node === this.#status.length) this.#growColumns();
    this.#nodes.set(id, node);
    this.#ids.push(id);
    this.#completions.push(null);
  }

  idOf(node: number): UnitId {
    return this.#ids[node] as UnitId;
  }

  statusOf(node: number): Status | null {
    const status = this.#status[node] as number;
    return status === NAMED ? null : (STATUSES[status - 1] as Status);
  }

  runOf(node: number): number {
    return this.#run[node] as number;
  }

  completionOf(node: number): Completion | null {
    return this.#completions[node] as Completion | null;
  }

  outcomeOf(node: number): Outcome | null {
    return this.completionOf(node)?.outcome ?? null;
  }

  setRegistered(node: number, at: number): void {
    this.#setStatus(node, 'pending', at);
  }

  setStarted(node: number, { run, at, owner }: Started): void {
    this.#setStatus(node, 'started', at);
    this.#run[node] = run;
    this.#begun[node] = 1;
    this.#notes.delete(node);
    if (owner === undefined) this.#owners.delete(node);
    else this.#owners.set(node, owner);
  }

  setNote(node: number, note: string): void {
    this.#notes.set(node, note);
  }

  setCompleted(node: number, completion: Completion): void {
    if (this.statusOf(node) === 'pending') this.#owners.delete(node); // It ended a run that nobody had started.
    this.#setStatus(node, 'completed', completion.at);
    this.#run[node] = completion.run;
    this.#completions[node] = completion;
    // Work that was done without ever saying so has begun all the same; what was skipped or canceled has not.
    if (completion.outcome !== 'skipped' && completion.outcome !== 'canceled') this.#begun[node] = 1;
  }

  /** What a dependency on this unit has come to. The end of a run decides; the next run takes nothing back. */
  standing(node: number, requires: Requirement): Standing {
    const completion = this.completionOf(node);
    switch (requires) {
      case 'started':
        if (this.#begun[node] === 1) return 'satisfied';
        return completion === null ? 'waiting' : 'impossible';
      case 'completed':
        return completion === null ? 'waiting' : 'satisfied';
      case 'succeeded':
        if (completion === null) return 'waiting';
        if (completion.outcome === 'succeeded') return 'satisfied';
        return this.statusOf(node) === 'started' ? 'waiting' : 'impossible';
      default:
        return requires satisfies never;
    }
  }

  snapshot(node: number, ready: boolean): UnitSnapshot {
    const status = this.statusOf(node);
    return {
      unit: this.idOf(node),
      status,
      outcome: this.outcomeOf(node),
      ready,
      run: this.runOf(node),
      changedAt: status === null ? null : (this.#changedAt[node] as number),
      completion: this.completionOf(node),
      owner: this.#owners.get(node) ?? null,
      note: this.#notes.get(node) ?? null,
    };
  }

  #setStatus(node: number, status: Status, at: number): void {
    this.#status[node] = STATUSES.indexOf(status) + 1;
    this.#changedAt[node] = at;
  }

  #growColumns(): void {
    this.#status = grow(this.#status, Uint8Array);
    this.#begun = grow(this.#begun, Uint8Array);
    this.#run = grow(this.#run, Int32Array);
    this.#changedAt = grow(this.#changedAt, Float64Array);
  }
}
