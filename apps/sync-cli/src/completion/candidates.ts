import type { Command, OptionTable } from '../commands/command.ts';
import { optionNames } from '../parse-arguments.ts';
import { OVERALL_OPTIONS } from '../render/help.ts';

/** What is known about the line being completed. */
export interface Completing {
  /** The words after `muster`; the last one is being typed. */
  readonly words: readonly string[];
  readonly commands: readonly Command[];
  /** Asked only where a name may stand. */
  readonly unitNames: () => Promise<readonly string[]>;
}

/** What may stand where the last word is, with that word's beginning. */
export async function candidates(completing: Completing): Promise<string[]> {
  const word = completing.words.at(-1) ?? '';
  const offered = await offer(word, completing);
  return offered.filter((candidate) => candidate.startsWith(word));
}

async function offer(word: string, { words, commands, unitNames }: Completing): Promise<readonly string[]> {
  const visibleCommands = commands.filter(({ hidden }) => !hidden);
  const before = words.slice(0, -1);
  const command = visibleCommands.find(({ name }) => before.includes(name));
  const table: OptionTable = command?.options ?? Object.assign({}, ...visibleCommands.map(({ options }) => options));
  const ended = before.includes('--');
  const previous = ended ? undefined : valueOption(before.at(-1), table);
  if (previous !== undefined) return previous.choices ?? [];
  if (word.startsWith('-') && !ended) return optionNames(command === undefined ? OVERALL_OPTIONS : table);
  if (command === undefined) return visibleCommands.map(({ name }) => name);
  if (typeof command.completes !== 'string') return command.completes;
  const given = before.slice(before.indexOf(command.name) + 1).filter((each) => !each.startsWith('-'));
  if (command.completes === 'one unit' && given.length > 0) return [];
  const names = await unitNames();
  return names.filter((name) => !given.includes(name));
}

function valueOption(word: string | undefined, table: OptionTable) {
  const name = word?.replace(/^--/, '') ?? '';
  const spec = word?.startsWith('--') && Object.hasOwn(table, name) ? table[name] : undefined;
  return spec?.value === undefined ? undefined : spec;
}
