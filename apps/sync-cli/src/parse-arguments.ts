import { parseArgs } from 'node:util';
import type { Command, OptionSpec, OptionTable, OptionValue } from './commands/command.ts';
import { CliError } from './errors.ts';

/** A command line, read. */
export interface ParsedLine {
  /** The first argument that is not an option; `null` where there is none. */
  readonly command: string | null;
  /** The other arguments that are not options, up to `--`. */
  readonly names: readonly string[];
  /** What comes after `--`; `null` without one. */
  readonly afterDashes: readonly string[] | null;
  readonly options: readonly GivenOption[];
}

/** An option as it was written. */
export interface GivenOption {
  /** With its dashes. */
  readonly written: string;
  /** Without them, in its long form. */
  readonly name: string;
  /** The value, where there was one; `inline` where it came after `=`. */
  readonly value: string | undefined;
  readonly inline: boolean;
}

/** Reads a command line by the options of all commands together; which of them the command has is {@link readOptions}'s matter. */
export function parseLine(argv: readonly string[], commands: readonly Command[]): ParsedLine {
  const all = Object.assign({}, ...commands.map(({ options }) => options)) as OptionTable; // Object.assign has no type for many.
  const names: string[] = [];
  let afterDashes: string[] | null = null;
  const options: GivenOption[] = [];
  const { tokens } = parseArgs({
    args: [...argv],
    options: nodeOptions(all),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional') (afterDashes ?? names).push(token.value);
    // Before the name of the command it only says that no option of muster itself comes first.
    if (token.kind === 'option-terminator' && names.length > 0) afterDashes = [];
    if (token.kind !== 'option') continue;
    options.push({ written: token.rawName, name: token.name, value: token.value, inline: token.inlineValue === true });
  }
  const [command = null, ...rest] = names;
  return { command, names: rest, afterDashes, options };
}

/**
 * The values of a command's options.
 *
 * @param command For the messages; `null` for `muster` itself.
 * @throws CliError `usage`: an option that isn't in the table, a value that is missing or too many, or none of the choices.
 */
export function readOptions(
  given: readonly GivenOption[],
  table: OptionTable,
  command: string | null,
): Record<string, OptionValue> {
  const values: Record<string, OptionValue> = Object.create(null);
  for (const [name, spec] of Object.entries(table)) values[name] = valueWhenAbsent(spec);
  for (const option of given) {
    const spec = Object.hasOwn(table, option.name) ? table[option.name] : undefined;
    if (spec === undefined) throw CliError.unknownOption(option.written, optionNames(table), command);
    const value = readValue(option, spec);
    const earlier = values[option.name];
    values[option.name] = Array.isArray(earlier) ? [...earlier, value] : value;
  }
  return values;
}

/** The long names with their dashes. */
export function optionNames(table: OptionTable): string[] {
  return Object.keys(table).map((name) => `--${name}`);
}

function valueWhenAbsent({ value, many }: OptionSpec): OptionValue {
  if (many) return [];
  return value === undefined ? false : undefined;
}

function readValue({ written, value, inline }: GivenOption, spec: OptionSpec): string | boolean {
  if (spec.value === undefined) {
    if (value !== undefined) throw CliError.needlessValue(written);
    return true;
  }
  // `--socket --json` more likely lacks a value than names a socket "--json".
  const dashed = !inline && value !== undefined && value.length > 1 && value.startsWith('-');
  if (value === undefined || dashed) throw CliError.missingValue(written, spec.value, value);
  if (spec.choices !== undefined && !spec.choices.includes(value))
    throw CliError.invalidChoice(written, value, spec.choices);
  return value;
}

function nodeOptions(table: OptionTable): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { value, short }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) },
    ]),
  );
}
