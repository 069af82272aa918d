import type { UnitManager } from '@muster/unit';

/** Registers a unit unless it is registered. */
export function ensureRegistered(units: Pick<UnitManager, 'find' | 'register'>, unit: string): void {
  if ((units.find(unit)?.status ?? null) === null) units.register(unit);
}
