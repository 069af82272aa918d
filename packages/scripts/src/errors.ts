import type { ScriptProblem } from './plan/plan-problem.ts';

/** Everything that a {@link ScriptError} can say. Closed: no other code is ever thrown. */
export const SCRIPT_ERROR_CODES = ['invalid_scripts', 'already_initialized', 'not_initialized', 'disposed'] as const;
export type ScriptErrorCode = (typeof SCRIPT_ERROR_CODES)[number];

/** Misuse of the runner, or scripts that can't be run as they are. A script that fails is a report, never an error. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly code: ScriptErrorCode;
  /** `invalid_scripts`: everything that is wrong, in the order of the scripts. Empty for the other codes. */
  readonly problems: readonly ScriptProblem[];

  private constructor(code: ScriptErrorCode, message: string, problems: readonly ScriptProblem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }

  static invalidScripts(problems: readonly ScriptProblem[]): ScriptError {
    const list = problems.map(({ message }) => `\n- ${message}`).join('');
    return new ScriptError(
      'invalid_scripts',
      `the scripts can't be run as they are. Correct them first:${list}`,
      problems,
    );
  }

  static alreadyInitialized(): ScriptError {
    return new ScriptError(
      'already_initialized',
      'the runner has its scripts already. Make a new runner for other scripts.',
    );
  }

  static notInitialized(): ScriptError {
    return new ScriptError('not_initialized', 'the runner has no scripts yet. Await init() first.');
  }

  static disposed(): ScriptError {
    return new ScriptError('disposed', 'the runner is disposed. Make a new one.');
  }
}
