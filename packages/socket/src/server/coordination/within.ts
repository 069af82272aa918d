import type { UnitManager } from '@muster/unit';

/** The run whose work a request belongs to, by the word of the process that asks: it is told, not proven. */
export interface Within {
  readonly unit: string;
  readonly run: number;
  /** The process that asks. */
  readonly pid?: number | undefined;
}

/** The unit, as long as that run of it goes on. A process that a script has left behind speaks for nobody any more. */
export function presentUnit(
  units: Pick<UnitManager, 'find'>,
  within: Pick<Within, 'unit' | 'run'> | null,
): string | null {
  if (within === null) return null;
  const found = units.find(within.unit);
  return found?.status === 'started' && found.run === within.run ? within.unit : null;
}
