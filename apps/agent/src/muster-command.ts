import { accessSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { writeExecutable } from './executable-file.ts';
import { shellQuoted } from './shell-quoted.ts';

const packageSchema = z.object({ bin: z.object({ muster: z.string() }) });

/** Whether scripts have the command `muster` on their PATH, or why not. */
export type MusterCommand =
  | { readonly kind: 'written'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string };

/**
 * Writes the command `muster` into the directory that scripts have first on their PATH: a few lines of sh that run
 * @muster/sync-cli with the agent's own Node. `NODE_OPTIONS` and `NODE_EXTRA_CA_CERTS` are for programs of the user;
 * they cost start-up time and could break the command, so it runs without them.
 *
 * @param manifestOfCli The package.json of @muster/sync-cli. Default: the one that is installed with the agent.
 */
export function writeMusterCommand(directory: string, manifestOfCli?: string): MusterCommand {
  try {
    const program = musterProgram(
      manifestOfCli ?? createRequire(import.meta.url).resolve('@muster/sync-cli/package.json'),
    );
    const path = join(directory, 'muster');
    writeExecutable(path, wrapper(program));
    return { kind: 'written', path };
  } catch (error) {
    return { kind: 'missing', reason: error instanceof Error ? error.message : String(error) };
  }
}

function musterProgram(manifest: string): string {
  const { bin } = packageSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const program = resolve(dirname(manifest), bin.muster);
  accessSync(program);
  return program;
}

function wrapper(program: string): string {
  const exec = `exec ${shellQuoted(process.execPath)} ${shellQuoted(program)} "$@"`;
  return `#!/bin/sh\nunset NODE_OPTIONS NODE_EXTRA_CA_CERTS\n${exec}\n`;
}
