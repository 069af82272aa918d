import type { BlockerInfo, Result, UnitInfo } from '@muster/socket/protocol';
import { formatDuration } from '../duration.ts';
import type { Palette } from './color.ts';
import { describeLock } from './lock-text.ts';
import { listNames, quote, visible } from './names.ts';
import { describeCauses, describeEnding, OUTCOME_WORDS } from './sentences.ts';

/** What the answers are read with. */
export interface Reading {
  readonly colors: Palette;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What holds up one unit. @param ranking All blockers, for a unit that is one itself. */
export function whyUnit(
  unit: UnitInfo,
  blockers: readonly BlockerInfo[],
  more: Reading & { ranking: readonly BlockerInfo[] },
): string {
  if (blockers.length > 0) {
    const rows = blockers.map((blocker) => blockerOfUnit(blocker, more)).join('');
    return `${headOf(unit, more.now)}${blockers.length === 1 ? '' : ', nearest first'}:\n${rows}`;
  }
  const own = more.ranking.find((blocker) => blocker.unit === unit.unit);
  const lines = [unitSentence(unit, more.now)];
  if (own !== undefined) lines.push(...hints(own), `It holds up ${count(own.heldUpTotal)}: ${listHeldUp(own)}.`);
  return `${lines.join('\n')}\n`;
}

/** A unit that has completed waits for nothing, but what it lacked may be lacking still. */
function headOf(unit: UnitInfo, now: number): string {
  if (unit.status === 'completed') return `${unitSentence(unit, now)}\nIts next run is held up by`;
  return `Unit ${quote(unit.unit)} is ${unit.status ?? 'not registered'} and waits for ${listNames(unit.waitingFor)}.\nIn the end it is held up by`;
}

/** What holds up anything at all, most costly first, and the locks. */
export function whyAll({ blockers, locks }: Pick<Result<'sync.why'>, 'blockers' | 'locks'>, reading: Reading): string {
  const units = blockers.map((blocker) => blockerOfMany(blocker, reading));
  const claimed = locks.map((lock) => `  ${describeLock(lock, reading.now)}\n`);
  return [
    ...(blockers.length === 0 ? ['Nothing is blocked: no unit waits for another.\n'] : units),
    ...(claimed.length === 0 ? [] : [`Locks:\n${claimed.join('')}`]),
  ].join('');
}

function blockerOfUnit(blocker: BlockerInfo, { colors, now }: Reading): string {
  const path = `${blocker.path.map(quote).join(' → ')}`;
  const [first = '', ...others] = [`${stateOf(blocker, now)}.`, ...hints(blocker)];
  const lines = [`  ${colors.strong(quote(blocker.unit))} ${first}`, ...others.map((line) => `    ${line}`)];
  return `${[...lines, colors.faint(`    ${path}`)].join('\n')}\n`;
}

function blockerOfMany(blocker: BlockerInfo, { colors, now }: Reading): string {
  const head = `${colors.strong(quote(blocker.unit))} holds up ${count(blocker.heldUpTotal)}: ${listHeldUp(blocker)}.`;
  const lines = [`It ${stateOf(blocker, now)}.`, ...hints(blocker)].map((line) => `  ${line}`);
  return `${[head, ...lines].join('\n')}\n`;
}

/** What a blocker does, for how long, and who reports it. */
function stateOf({ obstacle, since, owner, outcome }: BlockerInfo, now: number): string {
  switch (obstacle) {
    case 'running':
      return `runs${lasting(since, now)}${owner === null ? '' : `, reported by ${visible(owner)}`}`;
    case 'not_started':
      return `is ready${lasting(since, now)}, but nobody has started it`;
    case 'not_registered':
      return 'is only a name: nobody has registered it';
    case 'ended':
      return `has ended${ago(since, now)}${outcome === null ? '' : `: it ${OUTCOME_WORDS[outcome]}`}. Only another run of it can help`;
    default:
      return obstacle satisfies never;
  }
}

function hints({ nearest, isHopeless }: BlockerInfo): string[] {
  return [
    ...(nearest.length === 0 ? [] : [`Did you mean ${nearest.map(quote).join(' or ')}?`]),
    ...(isHopeless
      ? [
          'Nothing will release it while the agent runs: its script does not run again before it stops, and nobody else may report it.',
        ]
      : []),
  ];
}

/** A unit that waits for nothing. */
function unitSentence(unit: UnitInfo, now: number): string {
  const name = `Unit ${quote(unit.unit)}`;
  const { changedAt, outcome, causes, owner } = unit;
  switch (unit.status) {
    case null:
      return `${name} is only a name: nobody has registered it.`;
    case 'pending':
      return `${name} waits for nothing: it is ready${lasting(changedAt, now)}, but nobody has started it.`;
    case 'started':
      return `${name} waits for nothing: it runs${lasting(changedAt, now)}${owner === null ? '' : `, reported by ${visible(owner)}`}.`;
    case 'completed': {
      const how = outcome === null ? 'ended' : describeEnding({ ...unit, outcome });
      const because = causes.length === 0 ? '' : `: it ${describeCauses(causes)}`;
      return `${name} waits for nothing: it ${how}${ago(changedAt, now)}${because}.`;
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

function lasting(since: string | null, now: number): string {
  const ms = since === null ? 0 : now - Date.parse(since);
  return ms > 0 ? `, for ${formatDuration(ms)}` : '';
}

function ago(since: string | null, now: number): string {
  const ms = since === null ? 0 : now - Date.parse(since);
  return ms > 0 ? ` ${formatDuration(ms)} ago` : '';
}
