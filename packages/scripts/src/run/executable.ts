import { accessSync, constants, statSync } from 'node:fs';
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
export function scriptCommand(
  script: { text: string; file: string; shell: string },
  context: CommandContext,
): string[] {
  const [, interpreter, argument] = /^#![ \t]*([^\s]+)[ \t]*([^\r\n]*)/.exec(script.text) ?? [];
  if (interpreter === undefined) return [findExecutable(script.shell, 'the shell', context), script.file];
  const found = findExecutable(interpreter, 'the interpreter', context);
  const words = argument?.trim() ?? '';
  return words === '' ? [found, script.file] : [found, words, script.file];
}

function findExecutable(name: string, what: string, { cwd, path }: CommandContext): string {
  if (name.includes('/')) {
    const file = resolve(cwd, name);
    if (isExecutable(file)) return file;
    throw new PreparationFailure(`${what} ${quote(name)} is not there or not executable`);
  }
  for (const directory of path.split(delimiter)) {
    const file = isAbsolute(directory) ? `${directory}/${name}` : resolve(cwd, directory, name);
    if (isExecutable(file)) return file;
  }
  throw new PreparationFailure(`${what} ${quote(name)} is not on the PATH`);
}

function isExecutable(file: string): boolean {
  try {
    // An error costs more than the look that led to it, and most directories of a PATH don't have the file.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, not ours or a loop of links: whichever, it can't be run.
  }
}

/**
 * The directory to run in, absolute.
 *
 * @throws PreparationFailure
 */
export function workingDirectory(cwd: string | undefined): string {
  const path = cwd === undefined || isAbsolute(cwd) ? (cwd ?? process.cwd()) : resolve(cwd);
  try {
    if (statSync(path).isDirectory()) return path;
  } catch (error) {
    throw cannot('run in', path, error);
  }
  throw new PreparationFailure(`cannot run in ${quote(path)} (it is not a directory)`);
}
