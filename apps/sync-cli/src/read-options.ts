import type { OptionSpec, OptionTable, OptionValue } from './commands/command.ts';
import { CliError } from './errors.ts';
import type { GivenOption } from './parsed-line.ts';

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
