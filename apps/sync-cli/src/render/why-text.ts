import type { BlockerInfo, Result, UnitInfo, WaitInfo } from '@muster/socket/protocol';
import type { Palette } from './color.ts';
import { ago, lasting } from './elapsed.ts';
import { describeLock } from './lock-text.ts';
import { list, listNames, quote, visible } from './names.ts';
import { describeCauses, describeEnding, OUTCOME_WORDS } from './sentences.ts';
import { shellWord } from './shell-word.ts';
import { describeWait } from './wait-text.ts';

/** What the answers are read with. */
export interface Reading {
  readonly colors: Palette;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Why = Result<'sync.why'>;

/** What holds up one unit. @param ranking All blockers, for a unit that is one itself. */
export function whyUnit(unit: UnitInfo, why: Why, more: Reading & { ranking: readonly BlockerInfo[] }): string {
  const { blockers } = why;
  const waiters = waitersFor(unit, why, more.now);
  if (blockers.length > 0) {
    const told = new Set<string>();
    const rows = blockers.map((blocker) => blockerOfUnit(blocker, why, { ...more, told })).join('');
    return `${headOf(unit, more.now)}${blockers.length === 1 ? '' : ', nearest first'}:\n${rows}${waiters}`;
  }
  const own = more.ranking.find((blocker) => blocker.unit === unit.unit);
  const lines = [unitSentence(unit, more.now), ...workLines([unit.unit], why, more.now)];
  if (own !== undefined) lines.push(...hints(own), `It holds up ${count(own.heldUpTotal)}: ${listHeldUp(own)}.`);
  return `${lines.join('\n')}\n${waiters}`;
}

function headOf(unit: UnitInfo, now: number): string {
  const end = 'In the end it is held up by';
  // A unit that has completed waits for nothing, but what it lacked may be lacking still.
  if (unit.status === 'completed') return `${unitSentence(unit, now)}\nIts next run is held up by`;
  if (unit.status === 'started')
    return `Unit ${quote(unit.unit)} runs${lasting(unit.changedAt, now)}, but its work waits.\n${end}`;
  return `Unit ${quote(unit.unit)} is ${unit.status ?? 'not registered'} and waits for ${listNames(unit.waitingFor)}.\n${end}`;
}

/** What holds up anything at all, most costly first, who waits, and the locks. */
export function whyAll(why: Why, reading: Reading): string {
  const units = why.blockers.map((blocker) => blockerOfMany(blocker, reading));
  const others = why.waits.filter(({ lock }) => lock === null);
  const waits = others.map((wait) => `  ${waitSentence(wait, reading.now)}\n`);
  const left = why.waitsTotal - why.waits.length;
  if (left > 0) waits.push(`  … and ${left} more.\n`);
  const claimed = why.locks.map((lock) => `  ${describeLock(lock, reading.now)}\n`);
  return [
    ...(units.length === 0 ? ['Nothing is blocked: no unit waits for another.\n'] : units),
    ...(waits.length === 0 ? [] : [`Waits:\n${waits.join('')}`]),
    ...(claimed.length === 0 ? [] : [`Locks:\n${claimed.join('')}`]),
  ].join('');
}

/** @param told The sentences about waits that need not be said again; these join. */
function blockerOfUnit(blocker: BlockerInfo, why: Why, { colors, now, told }: Reading & { told: Set<string> }): string {
  const path = `${blocker.path.map(quote).join(' → ')}`;
  const [first = '', ...others] = [`${stateOf(blocker, now)}.`, ...hints(blocker)];
  const lines = [`  ${colors.strong(quote(blocker.unit))} ${first}`, ...others.map((line) => `    ${line}`)];
  const untold = workLines([...blocker.path, ...blocker.circle], why, now).filter((line) => !told.has(line));
  for (const line of untold) told.add(line);
  const work = untold.map((line) => `    ${line}`);
  return `${[...lines, ...(blocker.path.length > 1 ? [colors.faint(`    ${path}`)] : []), ...work].join('\n')}\n`;
}

/** What the work of some units waits for, as far as it leads to one of them or to no unit at all. */
function workLines(units: readonly string[], { waits, locks }: Why, now: number): string[] {
  const on = new Set(units);
  const leads = ({ unit, awaits, awaitsTotal }: WaitInfo): boolean =>
    unit !== null && on.has(unit) && (awaitsTotal === 0 || awaits.some((name) => on.has(name)));
  const shown = waits.filter(leads);
  const wanted = new Set(shown.map(({ lock }) => lock));
  return [
    ...shown.map((wait) => waitSentence(wait, now)),
    ...locks.filter(({ name }) => wanted.has(name)).map((lock) => `The lock ${describeLock(lock, now)}`),
  ];
}

/** Who waits for the unit itself: processes that no dependency shows. */
function waitersFor({ unit }: UnitInfo, { waits }: Why, now: number): string {
  const waiting = waits.filter(({ awaits }) => awaits.includes(unit));
  if (waiting.length === 0) return '';
  const who = waiting.map((wait) => `${visible(wait.label ?? 'a client')}${ofUnit(wait)}${lasting(wait.since, now)}`);
  return `It is waited for by ${list(who)}.\n`;
}

function waitSentence(wait: WaitInfo, now: number): string {
  return `${wait.unit === null ? '' : `In ${quote(wait.unit)}, `}${describeWait(wait, now)}.`;
}

function ofUnit({ unit }: WaitInfo): string {
  return unit === null ? '' : ` (in ${quote(unit)})`;
}

function blockerOfMany(blocker: BlockerInfo, { colors, now }: Reading): string {
  const head = `${colors.strong(quote(blocker.unit))} holds up ${count(blocker.heldUpTotal)}: ${listHeldUp(blocker)}.`;
  const lines = [`It ${stateOf(blocker, now)}.`, ...hints(blocker)].map((line) => `  ${line}`);
  return `${[head, ...lines].join('\n')}\n`;
}

/** What a blocker does, for how long, and who reports it. */
function stateOf(blocker: BlockerInfo, now: number): string {
  const { obstacle, since, owner, outcome, expectedMs, circle, willRun, isHopeless } = blocker;
  switch (obstacle) {
    case 'running':
      return `runs${lasting(since, now, expectedMs)}${owner === null ? '' : `, reported by ${visible(owner)}`}`;
    case 'not_started':
      return `is ready${lasting(since, now)}${willRun ? ': its script runs when it is due or has its turn' : ', but nobody has started it'}`;
    case 'not_registered':
      return 'is only a name: nobody has registered it';
    case 'ended':
      return `has ended${ago(since, now)}${outcome === null ? '' : `: it ${OUTCOME_WORDS[outcome]}`}. Only another run of it can help`;
    case 'circle':
      return `waits for itself: ${circle.map(quote).join(' → ')}${isHopeless ? '' : '. Only a script that goes on beside its wait, or the end of a wait, can help'}`;
    default:
      return obstacle satisfies never;
  }
}

function hints({ unit, nearest, isHopeless, isOwned, owner, obstacle }: BlockerInfo): string[] {
  const never =
    obstacle === 'circle'
      ? 'Nothing will release it: these scripts do nothing but wait, and none of their waits has a limit.'
      : 'Nothing will release it while the agent runs: its script does not run again before it stops, and nobody else may report it.';
  const isAnybodys = obstacle === 'not_started' && !isOwned;
  const isNobodys = obstacle === 'running' && !isOwned && owner === null;
  return [
    ...(isAnybodys
      ? [`No script stands for it: some process has to report it, as "muster complete ${shellWord(unit)}" does.`]
      : []),
    ...(isNobodys
      ? [`Nobody answers for it: some process has to report its end, as "muster complete ${shellWord(unit)}" does.`]
      : []),
    ...(nearest.length === 0 ? [] : [`Did you mean ${nearest.map(quote).join(' or ')}?`]),
    ...(isHopeless ? [never] : []),
  ];
}

/** A unit that waits for nothing. */
function unitSentence(unit: UnitInfo, now: number): string {
  const name = `Unit ${quote(unit.unit)}`;
  const { changedAt, outcome, causes, owner, expectedMs } = unit;
  switch (unit.status) {
    case null:
      return `${name} is only a name: nobody has registered it.`;
    case 'pending':
      return `${name} waits for nothing: it is ready${lasting(changedAt, now)}, but nobody has started it.`;
    case 'started':
      return `${name} waits for no unit: it runs${lasting(changedAt, now, expectedMs)}${owner === null ? '' : `, reported by ${visible(owner)}`}.`;
    case 'completed': {
      const how = outcome === null ? 'ended' : describeEnding({ ...unit, outcome });
      const because = causes.length === 0 ? '' : `: it ${describeCauses(causes)}`;
      const noted = unit.note === null ? '' : ` Noted since: ${visible(unit.note)}.`;
      return `${name} waits for nothing: it ${how}${ago(changedAt, now)}${because}.${noted}`;
    }
    default:
      return unit.status satisfies never;
  }
}

function count(total: number): string {
  return total === 1 ? '1 unit' : `${total} units`;
}

function listHeldUp({ heldUp, heldUpTotal }: BlockerInfo): string {
  return listNames(heldUp, heldUpTotal);
}
