import { describeCircle, quote } from '@muster/unit';

/** Everything that can be wrong with a script before it runs. Closed: no other code is ever reported. */
export const PROBLEM_CODES = [
  'duplicate_script',
  'invalid_unit',
  'missing_cron',
  'bad_cron',
  'impossible_cron',
  'bad_timezone',
  'bad_timeout',
  'unknown_dependency',
  'ambiguous_dependency',
  'never_runs',
  'cycle',
  'no_unit',
  'untracked',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** The part of a script that a problem is about. */
export type ProblemField =
  | 'id'
  | 'displayName'
  | 'resourceAddress'
  | 'cron'
  | 'timezone'
  | 'timeoutMs'
  | 'needs'
  | 'after';

/** What a message was composed of. Which are set depends on the code. */
export interface ProblemFacts {
  /** The value that is refused. */
  readonly value?: string;
  /** `unknown_dependency`: the most similar known name, if one is similar. */
  readonly nearest?: string;
  /** `cycle`: the whole circle, first and last the same. */
  readonly path?: readonly string[];
  /** `never_runs`: the trigger for which the dependency never runs. */
  readonly trigger?: string;
  /** `invalid_unit`: what is wrong with the name. */
  readonly detail?: string;
}

/** Something wrong with one script. */
export interface ScriptProblem {
  readonly code: ProblemCode;
  /** The id of the script. */
  readonly script: string;
  readonly field: ProblemField;
  /** Which entry of a list. */
  readonly index?: number;
  readonly message: string;
  readonly facts: ProblemFacts;
}

/** Something odd that does not keep a script from running. */
export interface ScriptWarning {
  readonly code: 'no_unit' | 'duplicate_unit';
  readonly script: string;
  readonly message: string;
  /** `duplicate_unit`: the name that the unit got instead. */
  readonly unit?: string;
}

/** Where a problem is. */
export interface ProblemPlace {
  readonly script: string;
  readonly field: ProblemField;
  readonly index?: number;
}

/** A problem with its sentence, which says what to do. */
export function problem(code: ProblemCode, place: ProblemPlace, facts: ProblemFacts = {}): ScriptProblem {
  return { code, ...place, message: `script ${quote(place.script)}: ${SENTENCES[code](facts, place)}`, facts };
}

function show(value: string | undefined): string {
  return quote(value ?? '');
}

const SENTENCES: Record<ProblemCode, (facts: ProblemFacts, place: ProblemPlace) => string> = {
  duplicate_script: () => 'another script has the same id. Give each script an id of its own.',
  invalid_unit: ({ detail }) => detail ?? 'its name can not be the name of a unit.',
  missing_cron: () => 'it is to run on a schedule, but has none. Set cron, as in "*/5 * * * *".',
  bad_cron: ({ value }) =>
    `cron ${show(value)} is not a schedule. Use five fields, or six with seconds, as in "*/5 * * * *".`,
  impossible_cron: ({ value }) => `cron ${show(value)} is never due. Choose a date that exists.`,
  bad_timezone: ({ value }) => `timezone ${show(value)} is not known here. Use an IANA name, as in "Europe/Berlin".`,
  bad_timeout: ({ value }) =>
    `timeout ${show(value)} is not a duration. Use milliseconds, 0 or more; 0 means no limit.`,
  unknown_dependency: ({ value, nearest }, { field }) =>
    `${field} ${show(value)}, which is no unit here. ${nearest === undefined ? 'Correct the name, or declare it as external.' : `Did you mean ${show(nearest)}?`}`,
  ambiguous_dependency: ({ value }, { field }) =>
    `${field} ${show(value)}, but several scripts have that name. Give each a name of its own.`,
  never_runs: ({ value, trigger }, { field }) =>
    `${field} ${show(value)}, which never runs on ${trigger}. Give both the same trigger, or leave the dependency out.`,
  cycle: ({ path = [] }) => `it would wait for itself: ${describeCircle(path)}. Leave out one of these dependencies.`,
  no_unit: (_, { field }) => `it has ${field}, but no unit. Give it a displayName or a resourceAddress.`,
  untracked: (_, { field }) =>
    `it has ${field}, but this runner has no units to order scripts by. Pass a UnitManager to the runner.`,
};
