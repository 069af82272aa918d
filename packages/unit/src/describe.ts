import { type Completion, causeChain, type SkipCause } from './completion.ts';
import type { DependencySnapshot } from './snapshot.ts';
import type { Requirement } from './status.ts';

// Every sentence of this package about units is composed here, from facts.

/** A name between quotation marks, with control and invisible characters escaped so that it can't drive a terminal. */
export function quote(name: string): string {
  return `"${name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** How many units of a list a sentence names before it only counts the rest. */
const MAX_NAMED = 10;

/** How many links of a cause chain a sentence follows. */
const MAX_CAUSES = 10;

/**
 * How a run ended, for people: `failed with exit code 1`, or with the whole chain of causes
 * `skipped: needs "web", which was skipped: it needs "api", which failed with exit code 1`.
 */
export function describeCompletion(completion: Completion): string {
  if (completion.cause === undefined) return describeEnding(completion);
  return `${describeEnding(completion)}: ${describeCause(completion.cause)}`;
}

/** Why a unit was or will be skipped: `needs "api", which failed with exit code 1`. */
export function describeCause(cause: SkipCause): string {
  return [cause, ...causeChain(cause.completion, MAX_CAUSES)].map(describeLink).join(': it ');
}

function describeLink({ dependsOn, requires, completion }: SkipCause): string {
  const verb: Record<Requirement, string> = {
    started: 'needs the start of',
    completed: 'runs after',
    succeeded: 'needs',
  };
  const ending = completion.outcome === 'skipped' ? 'was skipped' : describeEnding(completion);
  return `${verb[requires]} ${quote(dependsOn)}, which ${ending}`;
}

function describeEnding({ outcome, exitCode, signal, reason }: Completion): string {
  const words = {
    succeeded: 'succeeded',
    failed: 'failed',
    timed_out: 'timed out',
    skipped: 'skipped',
    canceled: 'was canceled',
  };
  const how =
    signal !== undefined
      ? ` by ${signal}`
      : exitCode !== undefined && exitCode !== 0
        ? ` with exit code ${exitCode}`
        : '';
  return `${words[outcome]}${how}${reason === undefined ? '' : ` (${reason})`}`;
}

/** How many units a sentence names at each end of a circle of more than {@link MAX_NAMED}. */
const MAX_AT_END = MAX_NAMED / 2;

/** A circle, its first unit named again at the end: `"a" → "b" → "a"`. Of a long one, the middle is only counted. */
export function describeCircle(path: readonly string[]): string {
  const left = path.length - 1 - MAX_NAMED;
  if (left <= 0) return path.map(quote).join(' → ');
  const begin = path.slice(0, MAX_AT_END).map(quote);
  const end = path.slice(-1 - MAX_AT_END).map(quote);
  return [...begin, `${left} more`, ...end].join(' → ');
}

/** What a unit waits for, named: `"db" (started, needs succeeded) and "net" (not registered, needs completed)`. */
export function describeUnmet(unmet: readonly DependencySnapshot[]): string {
  const named = unmet.slice(0, MAX_NAMED).map(describeDependency);
  const rest = unmet.length - named.length;
  if (rest > 0) named.push(`${rest} more`);
  return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
}

function describeDependency({ dependsOn, status, outcome, requires }: DependencySnapshot): string {
  const reached = status === 'completed' && outcome !== null ? outcome : (status ?? 'not registered');
  return `${quote(dependsOn)} (${reached}, needs ${requires})`;
}
