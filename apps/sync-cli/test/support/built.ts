import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

const ENTRY = fileURLToPath(new URL('../../src/muster.ts', import.meta.url));

/** The command as one file, for tests that start it so often that reading the source each time would take too long. */
export class BuiltMuster implements AsyncDisposable {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async build(): Promise<BuiltMuster> {
    const directory = await mkdtemp(join(tmpdir(), 'muster-built-'));
    await build({
      entry: { muster: ENTRY },
      outDir: directory,
      format: 'cjs',
      outExtension: () => ({ js: '.cjs' }),
      noExternal: [/.*/],
      config: false,
      silent: true,
      esbuildOptions(options) {
        options.conditions = ['@muster/source'];
      },
    });
    return new BuiltMuster(directory);
  }

  /** The words that run it. */
  get words(): readonly [string, string] {
    return [process.execPath, join(this.#directory, 'muster.cjs')];
  }

  /** Starts it, with its output in pipes. */
  spawn(argv: readonly string[], env: Record<string, string>) {
    const [node, file] = this.words;
    return spawn(node, [file, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, ...env },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}
