import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CliError } from '../errors.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The arguments of a drop-in command, options and names in any order. @throws CliError `usage` */
export function readArguments<const O extends Options>(program: string, argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node says in its first sentence what is wrong.
    throw CliError.dropInUsage(program, error.message.replace(/\. .*/s, ''));
  }
}
