import { cellName, quote, visible } from '../render/names.ts';
import { describeCauses, describeEnding } from '../render/sentences.ts';
import type { Change } from './fold.ts';
import { NOTHING_KNOWN } from './outlook.ts';
import { elapsed } from './unit-row.ts';

/** A change as one line: time, unit, what happened. Harmless on a terminal. */
export function changeLine(change: Change): string {
  return `${visible(change.event.at)}  ${cellName(change.event.unit)}  ${describeChange(change)}`;
}

function describeChange({ event, unit }: Change): string {
  switch (event.type) {
    case 'registered':
      return 'registered';
    case 'dependency_set': {
      const before = event.replaces === null ? '' : `, no longer ${event.replaces}`;
      return `depends on ${quote(event.dependsOn)} (needs ${event.requires}${before})`;
    }
    case 'started':
      return `started${event.owner === null ? '' : ` by ${visible(event.owner)}`} (run ${event.run})`;
    case 'completed': {
      // The unit may be ahead of an event that was asked for again.
      const isItsState = unit.status === 'completed' && unit.run === event.run;
      const causes =
        isItsState && unit.causes.length > 0 ? `: ${describeCauses(unit.causes)}` : becauseOf(event.because);
      const took = isItsState ? elapsed(unit, 0, NOTHING_KNOWN) : '';
      return `${describeEnding(event)}${causes}${took === '' ? '' : ` after ${took}`} (run ${event.run})`;
    }
    case 'noted':
      return `${visible(event.note)} (run ${event.run})`;
    default:
      event satisfies never;
      return 'changed';
  }
}

function becauseOf(because: { readonly dependsOn: string } | null): string {
  return because === null ? '' : `: needs ${quote(because.dependsOn)}`;
}
