import { formatDuration } from './duration.ts';
import { nearest } from './nearest.ts';
import { listNames, quote } from './render/names.ts';
import { shownWord, withEnv } from './wrapped/command-word.ts';

/** Everything that goes wrong in the command itself. Closed: no other code is ever thrown. */
export const CLI_ERROR_CODES = [
  'usage',
  'no_answer',
  'already_started',
  'command_not_executable',
  'command_not_found',
  'agent_gone',
  'version_mismatch',
  'unsupported_platform',
  'output_failed',
  'no_log',
  'log_unreadable',
  'bug',
] as const;
export type CliErrorCode = (typeof CLI_ERROR_CODES)[number];

/** A command that could not be done. Every message of the command's own is composed here, from facts. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  /** What to do about it. */
  readonly hint: string;

  private constructor(code: CliErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }

  static noCommand(): CliError {
    return new CliError('usage', 'no command given.', 'Run "muster --help" to see them.');
  }

  static unknownCommand(name: string, known: readonly string[]): CliError {
    return new CliError('usage', `there is no command ${quote(name)}.`, suggestion(name, known, 'muster --help'));
  }

  static unknownOption(option: string, known: readonly string[], command: string | null): CliError {
    const place = command === null ? 'muster' : `muster ${command}`;
    const message = `"${place}" has no option ${quote(option)}.`;
    return new CliError('usage', message, suggestion(option, known, `${place} --help`));
  }

  static missingValue(option: string, placeholder: string, given: string | undefined): CliError {
    const message = `option ${quote(option)} needs a value.`;
    const value = given ?? placeholder;
    return new CliError('usage', message, `Write it as ${quote(`${option}=${value}`)}.`);
  }

  static needlessValue(option: string): CliError {
    return new CliError('usage', `option ${quote(option)} takes no value.`, `Write only ${option}.`);
  }

  static invalidChoice(what: string, value: string, choices: readonly string[]): CliError {
    const [best] = nearest(value, choices);
    const means = best === undefined ? '' : ` Did you mean "${best}"?`;
    return new CliError(
      'usage',
      `${quote(value)} is no value of ${what}.`,
      `Use one of ${choices.join(', ')}.${means}`,
    );
  }

  static invalidNumber(option: string, value: string, range: string): CliError {
    return new CliError('usage', `${quote(value)} is no value of ${option}.`, `Use a whole number from ${range}.`);
  }

  static invalidDuration(option: string, value: string): CliError {
    const hint = /^\d+(\.\d+)?$/.test(value)
      ? `Add its unit: ${value}s for seconds, ${value}m for minutes.`
      : 'Use a time such as 500ms, 30s, 5m or 1h30m, of 24 days at the most; 0 is no limit.';
    return new CliError('usage', `${quote(value)} is no value of ${option}.`, hint);
  }

  static contradiction(first: string, second: string): CliError {
    return new CliError('usage', `${first} and ${second} contradict each other.`, 'Give only one of them.');
  }

  static missingUnit(command: string): CliError {
    const message = `"muster ${command}" needs the name of a unit.`;
    return new CliError(
      'usage',
      message,
      `Write "muster ${command} UNIT", or set MUSTER_UNIT (scripts of the agent have it).`,
    );
  }

  static missingCommand(command: string, usage = command): CliError {
    const message = `"muster ${command}" needs a command to run, after "--".`;
    return new CliError('usage', message, `Write "muster ${usage}".`);
  }

  static missingName(command: string, usage: string): CliError {
    return new CliError('usage', `"muster ${command}" needs a name.`, `Write "muster ${usage}".`);
  }

  /** Two kinds of dependency on one unit. */
  static twiceNamed(unit: string): CliError {
    const message = `${quote(unit)} is named twice, with different requirements.`;
    return new CliError('usage', message, 'Name it once: --needs asks for more than --after does.');
  }

  /** The run that is under way is the one whose work this command is part of. */
  static startedAlreadyByItself({ unit, run }: { readonly unit: string; readonly run: number }): CliError {
    const message = `unit ${quote(unit)} was started already, and this is part of its own work: it runs inside run ${run}.`;
    const hint =
      'To wait for the end of that run here would never end. Run the command as it is, or as the work of another unit.';
    return new CliError('already_started', message, hint);
  }

  /** @param owner Who reports the run that is under way, in the agent's words. */
  static alreadyStarted(unit: string, { run, owner }: { run: number; owner: string | null }): CliError {
    const by = owner === null ? '' : ` (reported by ${owner})`;
    const message = `unit ${quote(unit)} was started already, by somebody else: run ${run}${by} is under way.`;
    return new CliError('already_started', message, 'Wait for its end with "muster wait UNIT".');
  }

  /** @param words Those of the command line; of a variable in front of it only the name is told. */
  static commandNotFound(words: readonly string[]): CliError {
    const [command = ''] = words;
    const message = `the command ${quote(shownWord(command))} was not found.`;
    const env = withEnv(words);
    if (env !== null) {
      const hint = `Only a shell takes that for a variable: put env in front, as in -- ${env}`;
      return new CliError('command_not_found', message, hint);
    }
    const hint = /\s/.test(command)
      ? 'Write its words as words of their own, or have a shell read them: -- sh -c "…".'
      : 'Is it installed, and its directory in PATH? What only a shell knows needs one: -- sh -c "…".';
    return new CliError('command_not_found', message, hint);
  }

  /** @param reason The system's word, for example `EACCES`. */
  static commandNotExecutable([command = '']: readonly string[], reason: string): CliError {
    const message = `the command ${quote(shownWord(command))} can not be executed (${reason}).`;
    return new CliError('command_not_executable', message, 'Is it a program, and does its mode allow it (chmod +x)?');
  }

  static missingShell(shells: readonly string[]): CliError {
    return new CliError('usage', '"muster completion" needs the name of a shell.', `Use one of ${shells.join(', ')}.`);
  }

  static missingSelf(): CliError {
    const hint = 'Run it inside a script of the agent, or write "muster want UNIT DEP…".';
    return new CliError('usage', '--self stands for the unit in MUSTER_UNIT, which is not set.', hint);
  }

  static missingDependencies(unit: string | undefined): CliError {
    const message = '"muster want" needs a unit and at least one dependency.';
    const self = unit === undefined ? '' : ` Inside a script: ${quote(`muster want --self ${unit}`)}.`;
    return new CliError('usage', message, `Write "muster want UNIT DEP…".${self}`);
  }

  static tooManyArguments(command: string, extra: readonly string[], usage: string): CliError {
    const message = `"muster ${command}" has no use for ${listNames(extra)}.`;
    const quotes = usage.includes('UNIT') ? ' Put a name with spaces between quotation marks.' : '';
    return new CliError('usage', message, `Write "muster ${usage}".${quotes}`);
  }

  /** A drop-in command that was called in a way that the program it stands in for doesn't know either. */
  static dropInUsage(program: string, problem: string): CliError {
    return new CliError('usage', problem, `See ${quote(`${program} --help`)}.`);
  }

  static noAnswer(path: string, ms: number): CliError {
    const message = `the agent at ${quote(path)} did not answer within ${formatDuration(ms)}.`;
    return new CliError(
      'no_answer',
      message,
      'It is busy or stopped: look at its log, or give it more time with --timeout.',
    );
  }

  static agentGone(path: string): CliError {
    return new CliError(
      'agent_gone',
      `the agent at ${quote(path)} has gone away.`,
      'It was stopped, or it failed: its log tells which. Begin again with --connect-timeout, to wait for the next one.',
    );
  }

  /** The agent and the command would misunderstand each other. */
  static versionMismatch(ours: string, theirs: { readonly protocol: string; readonly version: string }): CliError {
    return new CliError(
      'version_mismatch',
      `this command speaks protocol ${ours}, the agent (version ${theirs.version}) ${theirs.protocol}.`,
      'Use the command that came with the agent, or start the agent again after the update. "muster doctor" compares both.',
    );
  }

  static unsupportedPlatform(platform: string): CliError {
    const message = `muster does not run on ${platform === 'win32' ? 'Windows' : platform} yet.`;
    return new CliError('unsupported_platform', message, 'Use Linux or macOS, or the Windows Subsystem for Linux.');
  }

  static outputFailed(reason: string): CliError {
    return new CliError(
      'output_failed',
      `the output could not be written: ${reason}.`,
      'Make room, or send it elsewhere.',
    );
  }

  /** Composed where logs are read: the calls that scripts make again and again do without these messages. */
  static ofLog(code: 'usage' | 'no_log' | 'log_unreadable', message: string, hint: string): CliError {
    return new CliError(code, message, hint);
  }

  /** Something that must not happen. The message of the thrown value is all that is known. */
  static bug(thrown: unknown): CliError {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return new CliError('bug', `an error inside muster: ${reason}`, 'Report it with the command that you ran.');
  }
}

function suggestion(word: string, known: readonly string[], help: string): string {
  const [best] = nearest(word, known);
  const see = `Run "${help}" to see what there is.`;
  return best === undefined ? see : `Did you mean "${best}"? ${see}`;
}
