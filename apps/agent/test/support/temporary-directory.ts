import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A private directory that is gone at the end of the scope. */
export class TemporaryDirectory implements Disposable {
  // Short: the path of a socket may have 107 bytes.
  readonly path = mkdtempSync(join(tmpdir(), 'ma-'));

  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
