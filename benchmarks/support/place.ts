import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kept: Place[] = [];

process.once('exit', () => {
  for (const place of kept) place.remove();
});

/** A directory for what a benchmark writes; nothing is left of it, but where a signal ends the process first. */
export class Place implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  readonly #removal: 'when disposed' | 'at exit';

  /**
   * @param removal `at exit` where files are made by the thousand while the clock runs: ext4 does not take the numbers of
   *   files that were removed a short time ago, and looks at each of them whenever it makes a file, which then takes 0.25 ms, not 0.06.
   */
  constructor(removal: 'when disposed' | 'at exit' = 'when disposed') {
    this.#removal = removal;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): string {
    const path = this.path(name);
    writeFileSync(path, text);
    return path;
  }

  [Symbol.dispose](): void {
    if (this.#removal === 'at exit') kept.push(this);
    else this.remove();
  }

  /** Removes it with all that is in it. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
