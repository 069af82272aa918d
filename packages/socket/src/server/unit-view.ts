import type { Completion, DependencySnapshot, SkipCause, UnitEvent, UnitManager, UnitSnapshot } from '@muster/unit';
import type { DependencyInfo, EventInfo, UnitInfo } from '../protocol/shapes.ts';
import type { Waits } from './coordination/waits.ts';
import { toTime } from './to-time.ts';

// How the unit manager's objects look on the wire: times as text, what is absent as null.

/** How many causes a unit shows: the nearest, and the root last. A list of a deep graph would be quadratic otherwise. */
const MAX_CAUSES = 10;

interface Sources {
  readonly units: Pick<UnitManager, 'evaluate' | 'list'>;
  readonly waits: Pick<Waits, 'ofWork'>;
  /** How long a run of the unit takes as a rule, in milliseconds; `null` where that is not known. */
  readonly expectedMs: (unit: string) => number | null;
}

/** The units of a manager as the wire shows them, with what the server knows of them besides. */
export class UnitViews {
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** One unit; `snapshot` is of this manager, as it is now. */
  of(snapshot: UnitSnapshot): UnitInfo {
    const { units, waits } = this.#sources;
    const { unit, status, outcome, ready, run, completion, changedAt, owner, note } = snapshot;
    return {
      unit,
      status,
      outcome,
      ready,
      run,
      exitCode: completion?.exitCode ?? null,
      signal: completion?.signal ?? null,
      reason: completion?.reason ?? null,
      causes: completion?.cause === undefined ? [] : toCauses(completion.cause),
      changedAt: changedAt === null ? null : toTime(changedAt),
      forced: completion?.forced ?? false,
      owner,
      note,
      waitingFor: status === 'pending' && !ready ? unmetNames(units, unit) : [],
      waits: status === 'started' ? waits.ofWork(unit) : [],
      expectedMs: this.expectedMs(unit),
    };
  }

  /** All units, sorted by name. */
  all(): UnitInfo[] {
    return this.#sources.units.list('name').map((snapshot) => this.of(snapshot));
  }

  /** How long a run of the unit takes as a rule, in whole milliseconds. */
  expectedMs(unit: string): number | null {
    const expected = this.#sources.expectedMs(unit);
    return expected === null ? null : Math.round(expected);
  }
}

export function toDependencyInfo(dependency: DependencySnapshot): DependencyInfo {
  const { dependsOn, requires, status, outcome, satisfied } = dependency;
  return { dependsOn, requires, status, outcome, satisfied };
}

/** How many unmet dependencies a message shows; it counts the others. */
const MAX_UNMET = 100;

/** What is unmet, as errors and notifications show it. */
export function toUnmet(unmet: readonly DependencySnapshot[]): { unmet: DependencyInfo[]; unmetTotal: number } {
  return { unmet: unmet.slice(0, MAX_UNMET).map(toDependencyInfo), unmetTotal: unmet.length };
}

export function toEventInfo(event: UnitEvent): EventInfo {
  const base = { seq: event.seq, at: toTime(event.at), unit: event.unit };
  switch (event.type) {
    case 'registered':
      return { ...base, type: event.type };
    case 'dependency_set': {
      const { type, dependsOn, requires, replaces = null } = event;
      return { ...base, type, dependsOn, requires, replaces };
    }
    case 'started':
      return { ...base, type: event.type, run: event.run, owner: event.owner ?? null };
    case 'noted':
      return { ...base, type: event.type, run: event.run, note: event.note };
    case 'completed': {
      const {
        type,
        run,
        outcome,
        exitCode = null,
        signal = null,
        reason = null,
        forced = false,
        because = null,
      } = event;
      return { ...base, type, run, outcome, exitCode, signal, reason, forced, because };
    }
    default:
      return event satisfies never;
  }
}

/** The causes of a skip, nearest first, the root of the trouble last; of a longer chain the middle is left out. */
export function toCauses(cause: SkipCause): UnitInfo['causes'] {
  const chain: SkipCause[] = [];
  for (let next: SkipCause | undefined = cause; next !== undefined; next = next.completion.cause) {
    chain.push(next);
    if (chain.length === MAX_CAUSES) {
      chain[MAX_CAUSES - 1] = rootOf(next);
      break;
    }
  }
  return chain.map(toCause);
}

/** Roots that were looked for before. Completions are immutable, so an answer stays right. */
const roots = new WeakMap<Completion, SkipCause>();

function rootOf(from: SkipCause): SkipCause {
  const passed: Completion[] = [];
  let cause = from;
  for (let next = cause.completion.cause; next !== undefined; next = cause.completion.cause) {
    passed.push(cause.completion);
    const known = roots.get(cause.completion);
    cause = known ?? next;
    if (known !== undefined) break;
  }
  for (const completion of passed) roots.set(completion, cause);
  return cause;
}

function toCause({ dependsOn, requires, completion }: SkipCause): UnitInfo['causes'][number] {
  const { outcome, exitCode = null, signal = null, reason = null } = completion;
  return { dependsOn, requires, outcome, exitCode, signal, reason };
}

function unmetNames(units: Pick<UnitManager, 'evaluate'>, unit: string): string[] {
  const evaluation = units.evaluate(unit);
  return evaluation.readiness === 'runnable' ? [] : evaluation.unmet.map(({ dependsOn }) => dependsOn);
}
