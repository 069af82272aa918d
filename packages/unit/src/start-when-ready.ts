import type { StartOptions } from './manager-types.ts';
import type { DependencySnapshot, Readiness } from './snapshot.ts';
import type { UnitManager } from './unit-manager.ts';

/** What {@link startWhenReady} needs of a manager. */
export type StartableUnits = Pick<UnitManager, 'start' | 'readiness' | 'evaluate' | 'watch'>;

/** The part of the platform's AbortSignal that is used here. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface StartWhenReadyOptions extends StartOptions {
  /** Ends the wait; the unit stays as it is. */
  readonly signal?: AbortSignalLike;
  /** Is told what the unit waits for, sorted by name: at first, and after every change while it goes on waiting. */
  readonly onWaiting?: (unmet: readonly DependencySnapshot[]) => void;
}

/**
 * Waits until a unit is runnable and starts it in that same step, so that nothing comes between.
 *
 * @returns the number of the run.
 * @throws UnitError `impossible` as soon as it can't start any more; `already_started` if someone else started it
 *   first; `unknown_unit`. Or the signal's reason.
 */
export function startWhenReady(
  units: StartableUnits,
  unit: string,
  options: StartWhenReadyOptions = {},
): Promise<number> {
  const { signal, onWaiting, ...start } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    if (attempt(units.readiness(unit))) return;
    const watcher = units.watch(unit, (readiness) => {
      if (attempt(readiness)) stop();
    });
    signal?.addEventListener('abort', abort);

    function attempt(readiness: Readiness): boolean {
      if (readiness === 'waiting') {
        const evaluation = onWaiting === undefined ? null : units.evaluate(unit);
        if (evaluation?.readiness === 'waiting') onWaiting?.(evaluation.unmet);
        return false;
      }
      try {
        resolve(units.start(unit, start));
      } catch (error) {
        reject(error);
      }
      return true;
    }

    function abort(): void {
      stop();
      reject(signal?.reason);
    }

    function stop(): void {
      watcher[Symbol.dispose]();
      signal?.removeEventListener('abort', abort);
    }
  });
}
