import type { Result } from '@muster/socket/protocol';
import { CliError } from '../errors.ts';
import { quote } from '../render/names.ts';
import { shellWord } from '../render/shell-word.ts';

type Run = Pick<Result<'sync.logs'>, 'unit' | 'run' | 'endedAt'>;

/** A run that ended before it had a log: its directory could not be made, for example. */
export function noLogOpened({ unit, run }: Run): CliError {
  const message = `run ${run} of unit ${quote(unit)} has no log: it ended before one was opened.`;
  return CliError.ofLog('no_log', message, 'See why with "muster status UNIT".');
}

/** @param thrown What node:fs threw. */
export function unreadable(run: Run, path: string, thrown: unknown): CliError {
  const { code = 'unknown', message: reason } = thrown as NodeJS.ErrnoException; // node:fs throws nothing else.
  const what = code === 'EFTYPE' ? reason : (REASONS[code] ?? reason);
  const message = `the log of run ${run.run} of unit ${quote(run.unit)} cannot be read: ${quote(path)}: ${what} (${code}).`;
  return CliError.ofLog('log_unreadable', message, remedy(code, run.endedAt !== null, path));
}

/** The work of a run that follows the run: every line would bring another one. */
export function followsItself(unit: string): CliError {
  const message = `this is part of the work of unit ${quote(unit)}: to follow its own run would never end.`;
  return CliError.ofLog('usage', message, 'Leave out --follow to print what is there, or follow it from elsewhere.');
}

/** @param limit How many the agent lets one connection wait for. */
export function tooManyFollowed(count: number, limit: number): CliError {
  const message = `${count} units are too many to follow at once.`;
  return CliError.ofLog('usage', message, `Name ${limit} at the most in one command.`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'it is not there',
  EACCES: 'its mode does not allow it',
  EPERM: 'its mode does not allow it',
  ELOOP: 'it is a link, and logs are never read through one',
  // Of a socket.
  ENXIO: 'it is not a regular file',
  EMFILE: 'this command has too many files open',
};

function remedy(code: string, hasEnded: boolean, path: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return hasEnded
        ? 'Somebody has deleted, moved or emptied it. The next run of the unit makes another one.'
        : 'Its run opens it in a moment: try again. If somebody has deleted it, only the next run of the unit makes another one.';
    case 'EFTYPE':
    case 'ELOOP':
    case 'ENXIO':
      return 'Move away what stands there: the next run of the unit makes another one.';
    case 'EMFILE':
      return 'Name fewer units in one command, or allow more with "ulimit -n".';
    case 'EACCES':
    case 'EPERM':
      return `Read it as the user of the agent. If you are that user, allow it: chmod u+r ${shellWord(path)}`;
    default:
      return `See whether another program can read it: cat ${shellWord(path)}`;
  }
}
