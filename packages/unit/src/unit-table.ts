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

/**
 * What the runs of a unit have come to, and what that makes of each dependency on it. The end of a run decides; the next
 * run takes nothing back, but for an end that was no success: until it ends too, there is hope again.
 */
const PROGRESS = {
  nothing: { started: 'waiting', completed: 'waiting', succeeded: 'waiting' },
  begun: { started: 'satisfied', completed: 'waiting', succeeded: 'waiting' },
  succeeded: { started: 'satisfied', completed: 'satisfied', succeeded: 'satisfied' },
  ended: { started: 'satisfied', completed: 'satisfied', succeeded: 'impossible' },
  /** Skipped or canceled, and never started. */
  passed: { started: 'impossible', completed: 'satisfied', succeeded: 'impossible' },
  again: { started: 'satisfied', completed: 'satisfied', succeeded: 'waiting' },
} as const satisfies Record<string, Progress>;

/** What a dependency on a unit has come to, by what it requires. One object for each case, to be compared as such. */
export type Progress = Readonly<Record<Requirement, Standing>>;

/** The state of every unit, in columns: node number → value. Knows single units only, no edges. */
export class UnitTable {
  readonly #nodes = new Map<string, number>();
  readonly #ids: UnitId[] = [];
  readonly #completions: (Completion | null)[] = [];
  readonly #owners = new Map<number, string>();
  readonly #notes = new Map<number, string>();
  #status = new Uint8Array(64);
  readonly #progress: Progress[] = [];
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
    this.#progress.push(PROGRESS.nothing);
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
    this.#progress[node] = progressAtStart(this.completionOf(node));
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
    this.#progress[node] = progressAtEnd(completion.outcome, this.standing(node, 'started') === 'satisfied');
  }

  progressOf(node: number): Progress {
    return this.#progress[node] as Progress;
  }

  /** What a dependency on this unit has come to. */
  standing(node: number, requires: Requirement): Standing {
    return this.progressOf(node)[requires];
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
    this.#run = grow(this.#run, Int32Array);
    this.#changedAt = grow(this.#changedAt, Float64Array);
  }
}

function progressAtStart(completion: Completion | null): Progress {
  if (completion === null) return PROGRESS.begun;
  return completion.outcome === 'succeeded' ? PROGRESS.succeeded : PROGRESS.again;
}

/** Work that was done without ever saying so has begun all the same; what was skipped or canceled has not. */
function progressAtEnd(outcome: Outcome, begun: boolean): Progress {
  if (outcome === 'succeeded') return PROGRESS.succeeded;
  return begun || (outcome !== 'skipped' && outcome !== 'canceled') ? PROGRESS.ended : PROGRESS.passed;
}
