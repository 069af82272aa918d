import type { Completion, SkipCause } from './completion.ts';
import { describeCause, describeCircle, describeUnmet, quote } from './describe.ts';
import type { UnitId } from './id.ts';
import type { DependencySnapshot } from './snapshot.ts';

/** Everything that a {@link UnitError} can say. Closed: no other code is ever thrown. */
export const UNIT_ERROR_CODES = [
  'invalid_unit_id',
  'invalid_requirement',
  'invalid_outcome',
  'unknown_unit',
  'already_registered',
  'already_started',
  'already_completed',
  'cycle',
  'not_ready',
  'impossible',
  'invalid_event',
] as const;
export type UnitErrorCode = (typeof UNIT_ERROR_CODES)[number];

/** The facts behind a {@link UnitError}; which are set depends on its code. */
export interface UnitErrorFacts {
  /** The unit that the refused operation named. */
  readonly unit?: string;
  /** `not_ready` and `impossible`: the dependencies that are not satisfied, sorted by `dependsOn`. */
  readonly unmet?: readonly DependencySnapshot[];
  /** `impossible`: the dependency that can't be satisfied any more. */
  readonly cause?: SkipCause;
  /** `already_completed`: how the run ended that stands. */
  readonly completion?: Completion;
  /** `cycle`: the whole circle, first and last the same: `a`, `b`, `c`, `a`. */
  readonly path?: readonly UnitId[];
}

/** A refused operation. Nothing has changed when it is thrown. */
export class UnitError extends Error {
  override readonly name = 'UnitError';
  readonly code: UnitErrorCode;
  readonly facts: UnitErrorFacts;

  private constructor(code: UnitErrorCode, message: string, facts: UnitErrorFacts) {
    super(message);
    this.code = code;
    this.facts = facts;
  }

  static invalidUnitId(text: string, problem: string): UnitError {
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    const message = `${quote(shown)} can't be the name of a unit: ${problem}. Use 1 to 256 characters, none of them a control character.`;
    return new UnitError('invalid_unit_id', message, { unit: text });
  }

  static invalidChoice(
    code: 'invalid_requirement' | 'invalid_outcome',
    value: unknown,
    choices: readonly string[],
  ): UnitError {
    const what = code === 'invalid_requirement' ? 'a requirement' : 'an outcome';
    return new UnitError(code, `${quote(String(value))} is not ${what}. Use one of ${choices.join(', ')}.`, {});
  }

  static unknownUnit(unit: string): UnitError {
    return new UnitError(
      'unknown_unit',
      `unit ${quote(unit)} is not registered. Register it first, or correct its name.`,
      { unit },
    );
  }

  static alreadyRegistered(unit: string): UnitError {
    return new UnitError(
      'already_registered',
      `unit ${quote(unit)} is registered already, and stays as it is. Choose another name.`,
      { unit },
    );
  }

  static alreadyStarted(unit: string, run: number): UnitError {
    return new UnitError(
      'already_started',
      `unit ${quote(unit)} is started already (run ${run}). Complete it before it starts again.`,
      { unit },
    );
  }

  static alreadyCompleted(unit: string, completion: Completion): UnitError {
    return new UnitError(
      'already_completed',
      `unit ${quote(unit)} is completed already (run ${completion.run}). Start it before it completes again.`,
      { unit, completion },
    );
  }

  static cycle(unit: UnitId, path: readonly UnitId[]): UnitError {
    return new UnitError(
      'cycle',
      `unit ${quote(unit)} would wait for itself: ${describeCircle(path)}. Leave out one of these dependencies.`,
      { unit, path },
    );
  }

  static notReady(unit: UnitId, unmet: readonly DependencySnapshot[]): UnitError {
    return new UnitError('not_ready', `unit ${quote(unit)} is not ready: it waits for ${describeUnmet(unmet)}.`, {
      unit,
      unmet,
    });
  }

  static impossible(unit: UnitId, unmet: readonly DependencySnapshot[], cause: SkipCause): UnitError {
    const message = `unit ${quote(unit)} can't start: it ${describeCause(cause)}. Run ${quote(cause.dependsOn)} again until it succeeds, then start ${quote(unit)}.`;
    return new UnitError('impossible', message, { unit, unmet, cause });
  }

  static invalidEvent(problem: string): UnitError {
    return new UnitError(
      'invalid_event',
      `the events don't make a history: ${problem}. Replay them whole, from the first, in order.`,
      {},
    );
  }
}
