import type { Outcome, UnitManager } from '@muster/unit';

/**
 * Waits until every one of the units has completed a run, whoever reported that.
 *
 * @returns their outcomes; never settles once `signal` is aborted.
 */
export function untilCompleted(units: UnitManager, names: readonly string[], signal: AbortSignal): Promise<Outcome[]> {
  const { promise, resolve } = Promise.withResolvers<Outcome[]>();
  const left = new Set(names);
  const check = (): void => {
    if (left.size > 0) return;
    subscription[Symbol.dispose]();
    resolve(names.map((name) => units.find(name)?.outcome ?? 'succeeded'));
  };
  const subscription = units.subscribe((event) => {
    if (event.type === 'completed' && left.delete(event.unit)) check();
  });
  signal.addEventListener('abort', () => subscription[Symbol.dispose](), { once: true });
  for (const name of names) if (units.find(name)?.outcome) left.delete(name);
  check();
  return promise;
}
