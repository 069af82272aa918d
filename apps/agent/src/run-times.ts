import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { UnitEvent, UnitManager } from '@muster/unit';
import * as z from 'zod';
import type { AgentLog } from './log/agent-log.ts';

/** How many of the latest runs of a unit count: enough for a median that one slow run does not move. */
const RUNS = 9;

/** How many units are remembered; those that ran longest ago are forgotten first. */
const MAX_UNITS = 10_000;

/** The file: units with the times of their latest runs in milliseconds, the latest last. */
const schema = z.object({
  version: z.literal(1),
  units: z.array(z.tuple([z.string(), z.array(z.number().nonnegative()).min(1).max(RUNS)])).max(MAX_UNITS),
});

/**
 * How long runs of each unit have taken, in this life of the agent and earlier ones with the same state directory. Runs that
 * did not succeed say nothing about how long success takes.
 */
export class RunTimes implements Disposable {
  readonly #path: string;
  readonly #log: AgentLog;
  readonly #subscription: Disposable;
  readonly #times: Map<string, number[]>;
  readonly #startedAt = new Map<string, number>();
  #isSaved = true;

  /** Reads what earlier agents have left at `path`. A file that is not theirs is told of, and replaced later. */
  constructor(units: UnitManager, { path, log }: { readonly path: string; readonly log: AgentLog }) {
    this.#path = path;
    this.#log = log;
    this.#times = this.#load();
    this.#subscription = units.subscribe((event) => this.#onEvent(event));
  }

  /** The median of the latest runs that succeeded, in milliseconds; `null` where there is none. */
  expectedMs(unit: string): number | null {
    const sorted = this.#times.get(unit)?.toSorted((a, b) => a - b);
    return sorted?.[Math.floor(sorted.length / 2)] ?? null;
  }

  /** Leaves the times to later agents. A failure costs only them. */
  save(): void {
    if (this.#isSaved) return;
    const temporary = `${this.#path}.${process.pid}`;
    const units = [...this.#times].slice(-MAX_UNITS);
    try {
      writeFileSync(temporary, `${JSON.stringify({ version: 1, units })}\n`, { mode: 0o600 });
      renameSync(temporary, this.#path);
      this.#isSaved = true;
    } catch (err) {
      rmSync(temporary, { force: true });
      this.#log.warn({ err, path: this.#path }, 'the times of runs can not be kept: the next start has no estimates');
    }
  }

  /** Saves, and follows the units no longer. */
  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.save();
  }

  #onEvent(event: UnitEvent): void {
    if (event.type === 'started') this.#startedAt.set(event.unit, event.at);
    if (event.type !== 'completed') return;
    const startedAt = this.#startedAt.get(event.unit);
    this.#startedAt.delete(event.unit);
    if (startedAt !== undefined && event.outcome === 'succeeded') this.#add(event.unit, event.at - startedAt);
  }

  #add(unit: string, ms: number): void {
    const times = [...(this.#times.get(unit) ?? []), Math.max(0, ms)].slice(-RUNS); // The clock may be set back.
    this.#times.delete(unit); // So that it comes last.
    this.#times.set(unit, times);
    this.#isSaved = false;
  }

  #load(): Map<string, number[]> {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (err) {
      const isNew = (err as NodeJS.ErrnoException).code === 'ENOENT'; // What readFileSync throws has one.
      if (!isNew) this.#log.warn({ err, path: this.#path }, 'the times of earlier runs can not be read');
      return new Map();
    }
    try {
      return new Map(schema.parse(JSON.parse(text)).units);
    } catch {
      this.#log.warn({ path: this.#path }, 'the file with the times of earlier runs is damaged; it is begun anew');
      return new Map();
    }
  }
}
