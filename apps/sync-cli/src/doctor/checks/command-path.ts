import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { quote } from '../../render/names.ts';
import { type Check, ok, warning } from '../finding.ts';

/** Whether scripts find the command on their PATH. */
export const commandPathCheck: Check = {
  id: 'path',
  run: ({ env }) => {
    const found = (env.PATH ?? '')
      .split(delimiter)
      .map((directory) => join(directory, 'muster'))
      .find(isProgram);
    if (found !== undefined) return ok(`"muster" on the PATH is ${quote(found)}.`);
    return warning(
      'There is no "muster" on the PATH.',
      'Scripts of the agent have it all the same. For your own shell add its directory to the PATH.',
    );
  },
};

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not for this user: the shell goes on to the next directory, too.
    return false;
  }
}
