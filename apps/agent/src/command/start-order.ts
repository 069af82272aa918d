import type { PlannedScript } from '@muster/scripts';

/** The scripts so that each stands below what it waits for, otherwise in the order of the manifest. There is no cycle. */
export function startOrder(planned: readonly PlannedScript[]): PlannedScript[] {
  const byUnit = new Map(planned.map((each) => [each.unit, each]));
  const ordered = new Set<PlannedScript>();
  for (const root of planned) {
    // A stack instead of recursion: a chain may be as long as the manifest.
    const stack = [root];
    for (let next = stack.at(-1); next !== undefined; next = stack.at(-1)) {
      const waitsFor = next.dependencies
        .map(({ dependsOn }) => byUnit.get(dependsOn))
        .find((each) => each !== undefined && !ordered.has(each));
      if (waitsFor !== undefined) stack.push(waitsFor);
      else ordered.add(stack.pop() ?? next);
    }
  }
  return [...ordered];
}
