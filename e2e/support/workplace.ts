import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { MUSTER, ROOT } from './binaries.ts';
import { RunningAgent } from './running-agent.ts';

/** What a finished program leaves to look at. */
export interface Finished {
  readonly exitCode?: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home of its own for one test: nothing of it is seen outside, and nothing is left of it. */
export class Workplace implements AsyncDisposable {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  #agents: RunningAgent[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    const inherited = Object.entries(process.env).filter(([name]) => !/^(MUSTER_|XDG_|VITEST|FORCE_COLOR)/.test(name));
    this.env = {
      ...(Object.fromEntries(inherited) as Record<string, string>), // process.env has no undefined values
      PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
      HOME: folder,
      XDG_RUNTIME_DIR: path.join(folder, 'run'),
      XDG_STATE_HOME: path.join(folder, 'state'),
      XDG_CACHE_HOME: path.join(folder, 'cache'),
      // The cache of npm may stay where it is, and serve: how fast the registry answers is not what is tested here.
      npm_config_prefer_offline: 'true',
      npm_config_cache: process.env.npm_config_cache ?? path.join(process.env.HOME ?? folder, '.npm'),
      NO_COLOR: '1',
    };
  }

  static async create(): Promise<Workplace> {
    const place = new Workplace(await mkdtemp(path.join(tmpdir(), 'muster-e2e-')));
    await mkdir(path.join(place.folder, 'run'), { mode: 0o700 });
    await mkdir(path.join(place.folder, 'bin'));
    const wrapper = `#!/bin/sh\nexec '${process.execPath}' '${MUSTER}' "$@"\n`;
    await writeFile(path.join(place.folder, 'bin/muster'), wrapper, { mode: 0o755 });
    return place;
  }

  get socket(): string {
    return path.join(this.folder, 'run/muster/agent.sock');
  }

  /** Writes a file and returns its path. */
  async write(name: string, text: string): Promise<string> {
    const file = path.join(this.folder, name);
    await writeFile(file, text);
    return file;
  }

  /** Starts the built agent on a manifest, given by its text or by its path from the root of the repository. */
  async agent(manifest: string, ...options: readonly string[]): Promise<RunningAgent> {
    const file = manifest.includes('\n') ? await this.write('workspace.yaml', manifest) : path.join(ROOT, manifest);
    const agent = await RunningAgent.start(this, [file, ...options]);
    this.#agents.push(agent);
    return agent;
  }

  /** Runs the built command to its end. */
  muster(...argv: readonly string[]): Promise<Finished> {
    return this.run(process.execPath, MUSTER, ...argv);
  }

  /** Runs any program to its end, with the environment of this place. */
  run(program: string, ...argv: readonly string[]): Promise<Finished> {
    return execa(program, argv, { env: this.env, extendEnv: false, reject: false, cwd: this.folder, stdin: 'ignore' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent[Symbol.asyncDispose]()));
    await rm(this.folder, { recursive: true, force: true });
  }
}
