import type { UnitInfo } from '@muster/socket/protocol';
import type { Palette } from './color.ts';
import { list, listNames, visible } from './names.ts';
import { describeCauses, endingDetails, reached } from './sentences.ts';
import type { Cell } from './table.ts';
import { describeAwaited } from './wait-text.ts';

/** How far a unit has come, painted: what went well, what went wrong, and what goes on. */
export function unitState(info: Pick<UnitInfo, 'status' | 'outcome'>, colors: Palette): Required<Cell> {
  return { text: info.status ?? 'not registered', paint: paintOf(reached(info), colors) };
}

/** What there is to say beyond status and outcome: what it waits for, how it ended and by whose report, what was noted. */
export function unitDetails(info: UnitInfo): string {
  const { forced, note } = info;
  const parts = [statusDetails(info), forced ? 'reported by force' : '', note ? visible(note) : ''];
  return parts.filter((part) => part !== '').join('; ');
}

function statusDetails(info: UnitInfo): string {
  switch (info.status) {
    case 'pending':
      return info.waitingFor.length > 0 ? `waits for ${listNames(info.waitingFor)}` : '';
    case 'completed':
      return info.causes.length > 0 ? describeCauses(info.causes) : endingDetails(info);
    case 'started':
      return info.waits.length > 0 ? `its work ${list(info.waits.map(describeAwaited))}` : '';
    case null:
      return '';
    default:
      return info.status satisfies never;
  }
}

function paintOf(state: string, colors: Palette): (text: string) => string {
  if (state === 'succeeded') return colors.good;
  if (state === 'failed' || state === 'timed_out') return colors.bad;
  if (state === 'started') return colors.busy;
  return state === 'pending' ? (text) => text : colors.faint;
}
