import { CliError } from '../errors.ts';
import type { CommandEnd } from './run-command.ts';

/**
 * The exit code that a command's end is for whoever called us. After Ctrl+C that ended both of us, this process ends by
 * SIGINT as well, so that a shell script that called us stops: bash goes on after a mere 130.
 *
 * @throws CliError `command_not_found`, `command_not_executable`.
 */
export function exitAs(end: CommandEnd, words: readonly string[]): number {
  switch (end.kind) {
    case 'exited':
      return end.exitCode;
    case 'killed':
      if (end.signal === 'SIGINT' && end.isShared) process.kill(process.pid, 'SIGINT');
      return end.exitCode;
    case 'not_found':
      throw CliError.commandNotFound(words);
    case 'not_executable':
      throw CliError.commandNotExecutable(words, end.reason);
    default:
      return end satisfies never;
  }
}
