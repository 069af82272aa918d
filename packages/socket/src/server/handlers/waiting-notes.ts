import type { UnitManager } from '@muster/unit';
import { toUnmet } from '../unit-view.ts';
import type { Caller } from './handler.ts';

/**
 * The least time between two notifications of one wait, in milliseconds. A unit may wait for thousands, and to list them at
 * every change would cost the square of that.
 */
const PAUSE_MS = 100;

interface Wait {
  readonly units: Pick<UnitManager, 'evaluate' | 'watch'>;
  readonly unit: string;
  readonly caller: Pick<Caller, 'notify'>;
}

/** Tells a client what its unit waits for: at once, and when that has changed, until it is disposed of. */
export class WaitingNotes implements Disposable {
  readonly #wait: Wait;
  readonly #watcher: Disposable;
  #pause: NodeJS.Timeout | null = null;
  #hasChanged = false;

  constructor(wait: Wait) {
    this.#wait = wait;
    this.#watcher = wait.units.watch(wait.unit, () => this.#change());
    this.#tell();
  }

  [Symbol.dispose](): void {
    this.#watcher[Symbol.dispose]();
    if (this.#pause !== null) clearTimeout(this.#pause);
  }

  #change(): void {
    this.#hasChanged = true;
    if (this.#pause === null) this.#tell();
  }

  #tell(): void {
    const { units, unit, caller } = this.#wait;
    const evaluation = units.evaluate(unit);
    if (evaluation.readiness !== 'waiting') return;
    this.#hasChanged = false;
    caller.notify('sync.waiting', { unit, ...toUnmet(evaluation.unmet) });
    this.#pause = setTimeout(() => {
      this.#pause = null;
      if (this.#hasChanged) this.#tell();
    }, PAUSE_MS);
  }
}
