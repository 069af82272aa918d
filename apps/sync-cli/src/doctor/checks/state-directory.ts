import { accessSync, constants, type Stats } from 'node:fs';
import { isAbsolute } from 'node:path';
import { isCompatible, PROTOCOL_VERSION } from '@muster/socket/client';
import { quote } from '../../render/names.ts';
import { shellWord } from '../../render/shell-word.ts';
import { type Check, type Finding, ok, problem, type Surroundings, unknown, warning } from '../finding.ts';
import { isOurs, kindOf, look, modeOf } from '../look.ts';

/** Whether the directory of logs, runs and data of scripts is there, ours, and can be written to. */
export const stateDirectoryCheck: Check = {
  id: 'state-directory',
  run: ({ stateDirectory, contact }) => {
    const found = look(stateDirectory.path);
    if (found === null) return missing(stateDirectory, contact);
    if (typeof found === 'string')
      return problem(
        `The state directory ${quote(stateDirectory.path)} can't be looked at (${found}).`,
        'Set XDG_STATE_HOME, or start the agent with --state-dir, to a place of your own.',
      );
    return judge(stateDirectory.path, found);
  },
};

function missing({ path, isNamed }: Surroundings['stateDirectory'], contact: Surroundings['contact']): Finding {
  if (isNamed)
    return problem(`The state directory ${quote(path)} is not there.`, 'Name the one that the agent was given.');
  if (!isAbsolute(path)) return unknown('There is no usual place for a state directory: HOME is not set.');
  if (contact.kind === 'failed') return ok(`The state directory ${quote(path)} is not there yet; the agent makes it.`);
  if (!isCompatible(PROTOCOL_VERSION, contact.answer.protocol))
    return unknown('Where an agent of another protocol keeps its state is not known.');
  return unknown(
    `The state directory of this agent is not ${quote(path)}, the usual place.`,
    'If it was started with --state-dir, name the same directory here with --state-dir.',
  );
}

function judge(path: string, stats: Stats): Finding {
  const elsewhere = 'Remove it, or start the agent with --state-dir.';
  const name = `The state directory ${quote(path)}`;
  if (!stats.isDirectory()) return problem(`${name} is ${kindOf(stats)}, not a directory.`, elsewhere);
  if (!isOurs(stats)) return problem(`${name} belongs to the user ${stats.uid}, not to you.`, elsewhere);
  const private700 = `Run: chmod 700 ${shellWord(path)}`;
  const others = `the state directory ${quote(path)} (mode ${modeOf(stats)}).`;
  if ((stats.mode & 0o022) !== 0) return problem(`Other users may write to ${others}`, private700);
  if ((stats.mode & 0o055) !== 0) return warning(`Other users may look into ${others}`, private700);
  if (!isWritable(path)) return problem(`${name} can't be written to (mode ${modeOf(stats)}).`, private700);
  return ok(`${name} is yours alone and can be written to.`);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // That is the answer.
    return false;
  }
}
