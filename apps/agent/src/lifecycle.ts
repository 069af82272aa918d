import type { Outcome } from '@muster/unit';

/**
 * The states of the agent, in their order. It only ever goes forward:
 *
 * ```
 * created → starting → ready | start_error | start_timeout → shutting_down → off | shutdown_error | shutdown_timeout
 * ```
 *
 * An agent that is stopped while it starts goes from `starting` to `shutting_down`; before that, from `created`.
 */
export const LIFECYCLE_STATES = [
  'created',
  'starting',
  'ready',
  'start_error',
  'start_timeout',
  'shutting_down',
  'off',
  'shutdown_error',
  'shutdown_timeout',
] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

/** States of one stage exclude each other: the agent is in one of them at the most. */
const STAGE: Readonly<Record<LifecycleState, number>> = {
  created: 0,
  starting: 1,
  ready: 2,
  start_error: 2,
  start_timeout: 2,
  shutting_down: 3,
  off: 4,
  shutdown_error: 4,
  shutdown_timeout: 4,
};

/** One state and when it was reached, in milliseconds since the epoch. */
export interface LifecycleChange {
  readonly state: LifecycleState;
  readonly at: number;
}

/** Where the agent is in its life. */
export class Lifecycle {
  readonly #now: () => number;
  readonly #onChange: (change: LifecycleChange) => void;
  #history: readonly LifecycleChange[];

  constructor(now: () => number, onChange: (change: LifecycleChange) => void) {
    this.#now = now;
    this.#onChange = onChange;
    this.#history = [{ state: 'created', at: now() }];
  }

  get state(): LifecycleState {
    return this.#history.at(-1)?.state ?? 'created';
  }

  /** Every state so far, the first one first. */
  get history(): readonly LifecycleChange[] {
    return this.#history;
  }

  /** Goes forward to a state. @returns false, and nothing changes, where that would be a step back or aside. */
  advance(state: LifecycleState): boolean {
    if (STAGE[state] <= STAGE[this.state]) return false;
    const change = { state, at: this.#now() };
    this.#history = [...this.#history, change];
    this.#onChange(change);
    return true;
  }
}

/** How the scripts of one trigger ended together. */
export type StageResult = 'ok' | 'error' | 'timeout';

/**
 * `timeout` where runs timed out and none failed otherwise: then a longer timeout may be all it takes. Runs that were
 * skipped or cancelled count as an error only where nothing timed out, because they follow from what did.
 */
export function stageResult(runs: readonly Outcome[]): StageResult {
  const outcomes = new Set(runs);
  if (outcomes.has('failed')) return 'error';
  if (outcomes.has('timed_out')) return 'timeout';
  return outcomes.has('skipped') || outcomes.has('canceled') ? 'error' : 'ok';
}
