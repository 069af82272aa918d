import { walkGraph } from '../plan/graph-walk.ts';
import type { PlannedScript } from '../plan/plan.ts';

/**
 * Orders scripts so that each comes before those that it waits for. Cancelled in this order, all that wait are canceled: in
 * the other order, the tracker would skip each for the one before it.
 */
export function dependentsFirst<T extends { readonly planned: PlannedScript }>(scripts: readonly T[]): T[] {
  const edges = new Map(
    scripts.flatMap(({ planned: { unit, dependencies } }) =>
      unit === null ? [] : [[unit, dependencies.map(({ dependsOn }) => dependsOn)] as const],
    ),
  );
  const rank = new Map(walkGraph(edges).order.map((unit, index) => [unit, index]));
  const rankOf = ({ planned: { unit } }: T) => (unit === null ? 0 : (rank.get(unit) ?? 0));
  return scripts.toSorted((a, b) => rankOf(b) - rankOf(a));
}
