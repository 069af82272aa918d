import { parseArgs } from 'node:util';
import type { Command, OptionTable } from './commands/command.ts';
import type { GivenOption, ParsedLine } from './parsed-line.ts';

/** Reads a command line by the options of all commands together; which of them the command has is a matter of `readOptions`. */
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

function nodeOptions(table: OptionTable): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { value, short }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) },
    ]),
  );
}
