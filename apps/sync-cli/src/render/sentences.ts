import type { DependencyInfo, UnitInfo } from '@muster/socket/protocol';
import { list, quote, visible } from './names.ts';

/** How a run ended, in the fields that the agent gives. */
export type Ending = Pick<UnitInfo, 'exitCode' | 'signal' | 'reason'> & {
  readonly outcome: NonNullable<UnitInfo['outcome']>;
};

/** An outcome as a verb: `it was skipped`. */
export const OUTCOME_WORDS = {
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'timed out',
  skipped: 'was skipped',
  canceled: 'was canceled',
} as const satisfies Record<Ending['outcome'], string>;

const REQUIREMENT_VERBS = {
  started: 'needs the start of',
  completed: 'runs after',
  succeeded: 'needs',
} as const satisfies Record<DependencyInfo['requires'], string>;

/** `failed with exit code 3 (no disk)`, or `timed out by SIGKILL`. */
export function describeEnding({ outcome, ...details }: Ending): string {
  const preposition = details.signal !== null ? 'by' : 'with';
  const how = describeProcess(details);
  return [OUTCOME_WORDS[outcome], ...(how === '' ? [] : [preposition, how]), ...describeReason(details)].join(' ');
}

/** What is known of an end beyond its outcome: `exit code 3 (no disk)`, `no disk`, or nothing. */
export function endingDetails(details: Omit<Ending, 'outcome'>): string {
  const process = describeProcess(details);
  if (process === '') return details.reason === null ? '' : visible(details.reason);
  return [process, ...describeReason(details)].join(' ');
}

function describeProcess({ signal, exitCode }: Pick<Ending, 'signal' | 'exitCode'>): string {
  if (signal !== null) return visible(signal);
  return exitCode !== null && exitCode !== 0 ? `exit code ${exitCode}` : '';
}

function describeReason({ reason }: Pick<Ending, 'reason'>): readonly string[] {
  return reason === null ? [] : [`(${visible(reason)})`];
}

/** The chain of causes of a skip: `needs "web", which was skipped: it needs "api", which failed with exit code 1`. */
export function describeCauses(causes: UnitInfo['causes']): string {
  return causes
    .map((cause) => `${REQUIREMENT_VERBS[cause.requires]} ${quote(cause.dependsOn)}, which ${describeEnding(cause)}`)
    .join(': it ');
}

/** Dependencies with what each has reached: `"db" (started, needs completed) and "net" (not registered, needs completed)`. */
export function describeUnmet(unmet: readonly DependencyInfo[], total: number = unmet.length): string {
  return list(unmet.map(describeDependency), total);
}

/** How far a unit has come, in one word or two: its outcome once it has completed. */
export function reached({ status, outcome }: Pick<DependencyInfo, 'status' | 'outcome'>): string {
  if (status === null) return 'not registered';
  return status === 'completed' && outcome !== null ? outcome : status;
}

function describeDependency(dependency: DependencyInfo): string {
  return `${quote(dependency.dependsOn)} (${reached(dependency)}, needs ${dependency.requires})`;
}
