import type { Outcome } from '@muster/unit';

/** Who may report which unit. */
export interface UnitOwnership {
  /** Whether the unit is reported by its owner alone. */
  isOwned(unit: string): boolean;
  /** Whether the token is that of the owner's present run, which is not being stopped. Compares in constant time. */
  accepts(unit: string, token: string): boolean;
  /** How the owner's present run will end, if the token is its own and it is being stopped; `null` otherwise. */
  endingOf(unit: string, token: string): Outcome | null;
  /** Whether the owner will still run the unit of its own accord: if not, nothing but a client can. */
  willRun(unit: string): boolean;
}

/** Anybody may report any unit. */
export const noOwners: UnitOwnership = {
  isOwned: () => false,
  accepts: () => false,
  endingOf: () => null,
  willRun: () => false,
};
