import type { Command, OptionTable } from './commands/command.ts';
import type { GivenOption, ParsedLine } from './parsed-line.ts';

/** A line that calls a command, and says nothing else. */
export interface PlainCall {
  readonly command: Command;
  readonly line: ParsedLine;
}

/**
 * Reads a line that begins with the name of one of `commands`, where every option is one of that command, written out or a letter
 * by itself, and has its value if it takes one. Any other line is `null`: somebody who knows all commands can tell what it means or lacks. Such a
 * line is read as `parseLine` reads it, sooner than Node has loaded `parseArgs`.
 */
export function plainCall([name, ...words]: readonly string[], commands: readonly Command[]): PlainCall | null {
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return null;
  const names: string[] = [];
  const options: GivenOption[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) {
      names.push(word);
      continue;
    }
    const option = readOption(word, words[index + 1], command.options);
    if (option === null) return null;
    options.push(option);
    if (option.value !== undefined && !option.inline) index += 1;
  }
  return { command, line: { command: command.name, names, afterDashes: null, options } };
}

function readOption(word: string, next: string | undefined, table: OptionTable): GivenOption | null {
  if (word.length === 2) return readLetter(word, table);
  const [, written = '', inlineValue] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
  const name = written.slice(2);
  const spec = Object.hasOwn(table, name) ? table[name] : undefined;
  if (spec === undefined || name === 'help') return null;
  if (spec.value === undefined) {
    return inlineValue === undefined ? { written, name, value: undefined, inline: false } : null;
  }
  if (inlineValue !== undefined) return { written, name, value: inlineValue, inline: true };
  return next === undefined || next.startsWith('-') ? null : { written, name, value: next, inline: false };
}

/** `-q`, or any other letter that stands for an option without a value. */
function readLetter(written: string, table: OptionTable): GivenOption | null {
  const [name, spec] = Object.entries(table).find(([, { short }]) => short === written[1]) ?? [];
  if (name === undefined || spec?.value !== undefined || name === 'help') return null;
  return { written, name, value: undefined, inline: false };
}
