import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, resolve } from 'node:path';
import { quote } from '@muster/unit';
import { cannot, PreparationFailure } from './failure-reason.ts';

/** Where and with which environment a command is looked for. */
export interface CommandContext {
  readonly cwd: string;
  readonly path: string;
}

/**
 * The command that runs a script file: the interpreter of its `#!` line, else the shell.
 *
 * The line is read here and not left to the kernel, so that a state directory on a file system without exec works, and
 * so that a missing interpreter has a name in the report. As in the kernel, all after the interpreter is one argument.
 *
 * @throws PreparationFailure when it isn't there or isn't executable.
 */
export async function scriptCommand(
  script: { text: string; file: string; shell: string },
  context: CommandContext,
): Promise<string[]> {
  const [, interpreter, argument] = /^#![ \t]*([^\s]+)[ \t]*([^\r\n]*)/.exec(script.text) ?? [];
  if (interpreter === undefined) return [await findExecutable(script.shell, 'the shell', context), script.file];
  const found = await findExecutable(interpreter, 'the interpreter', context);
  const words = argument?.trim() ?? '';
  return words === '' ? [found, script.file] : [found, words, script.file];
}

async function findExecutable(name: string, what: string, { cwd, path }: CommandContext): Promise<string> {
  if (name.includes('/')) {
    const file = resolve(cwd, name);
    if (await isExecutable(file)) return file;
    throw new PreparationFailure(`${what} ${quote(name)} is not there or not executable`);
  }
  for (const directory of path.split(delimiter)) {
    const file = resolve(cwd, directory, name);
    if (await isExecutable(file)) return file;
  }
  throw new PreparationFailure(`${what} ${quote(name)} is not on the PATH`);
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false; // Not there, not ours or a loop of links: whichever, it can't be run.
  }
}

/**
 * The directory to run in, absolute.
 *
 * @throws PreparationFailure
 */
export async function workingDirectory(cwd: string | undefined): Promise<string> {
  const path = cwd === undefined || isAbsolute(cwd) ? (cwd ?? process.cwd()) : resolve(cwd);
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    throw cannot('run in', path, error);
  }
  throw new PreparationFailure(`cannot run in ${quote(path)} (it is not a directory)`);
}
