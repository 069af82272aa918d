/** Who may report which unit. */
export interface UnitOwnership {
  /** Whether the unit is reported by its owner alone. */
  isOwned(unit: string): boolean;
  /** Whether the token is that of the owner's present run. Compares in constant time. */
  accepts(unit: string, token: string): boolean;
  /** Whether the owner will still run the unit of its own accord: if not, nothing but a client can. */
  willRun(unit: string): boolean;
}

/** Anybody may report any unit. */
export const noOwners: UnitOwnership = {
  isOwned: () => false,
  accepts: () => false,
  willRun: () => false,
};
