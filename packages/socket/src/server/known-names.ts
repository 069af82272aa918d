import type { UnitManager } from '@muster/unit';

/** Every name that someone has mentioned, kept by the events, so that a suggestion needs no list of all units. */
export class KnownNames implements Disposable, Iterable<string> {
  readonly #names = new Set<string>();
  readonly #subscription: Disposable;

  constructor(units: Pick<UnitManager, 'list' | 'subscribe'>) {
    for (const { unit } of units.list('registration')) this.#names.add(unit);
    this.#subscription = units.subscribe((event) => {
      if (event.type === 'registered') this.#names.add(event.unit);
      if (event.type === 'dependency_set') this.#names.add(event.dependsOn);
    });
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#names.values();
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }
}
