import type { Command, OptionTable } from '../commands/command.ts';
import { optionNames } from '../read-options.ts';
import { OVERALL_OPTIONS } from '../render/help.ts';

/** What is known about the line being completed. */
export interface Completing {
  /** The words after `muster`; the last one is being typed. */
  readonly words: readonly string[];
  readonly commands: readonly Command[];
  /** Asked only where a name may stand. */
  readonly unitNames: () => Promise<readonly string[]>;
  /** The same, for names of locks. */
  readonly lockNames: () => Promise<readonly string[]>;
}

/** What may stand where the last word is, with that word's beginning. */
export async function candidates(completing: Completing): Promise<string[]> {
  const word = completing.words.at(-1) ?? '';
  const offered = await offer(word, completing);
  return offered.filter((candidate) => candidate.startsWith(word));
}

async function offer(word: string, completing: Completing): Promise<readonly string[]> {
  const { words, commands, unitNames } = completing;
  const visibleCommands = commands.filter(({ hidden }) => !hidden);
  const before = words.slice(0, -1);
  const command = visibleCommands.find(({ name }) => before.includes(name));
  const table: OptionTable = command?.options ?? Object.assign({}, ...visibleCommands.map(({ options }) => options));
  const ended = before.includes('--');
  const previous = ended ? undefined : valueOption(before.at(-1), table);
  if (previous?.completes === 'units') return await unitNames();
  if (previous !== undefined) return previous.choices ?? [];
  if (word.startsWith('-') && !ended) return optionNames(command === undefined ? OVERALL_OPTIONS : table);
  if (command === undefined) return visibleCommands.map(({ name }) => name);
  const given = givenNames(before.slice(before.indexOf(command.name) + 1), table);
  return await offerArguments(command, { given, ended, completing });
}

interface Given {
  readonly given: readonly string[];
  readonly ended: boolean;
  readonly completing: Completing;
}

async function offerArguments(command: Command, { given, ended, completing }: Given): Promise<readonly string[]> {
  // The words of the command to run are not ours to complete.
  if (command.wraps && ended) return [];
  if (typeof command.completes !== 'string') return command.completes;
  if (command.completes !== 'units' && given.length > 0) return command.wraps ? ['--'] : [];
  const names = await (command.completes === 'one lock' ? completing.lockNames() : completing.unitNames());
  return names.filter((name) => !given.includes(name));
}

/** The arguments that are neither options nor their values. */
function givenNames(words: readonly string[], table: OptionTable): string[] {
  return words.filter((word, index) => !word.startsWith('-') && valueOption(words[index - 1], table) === undefined);
}

function valueOption(word: string | undefined, table: OptionTable) {
  const name = word?.replace(/^--/, '') ?? '';
  const spec = word?.startsWith('--') && Object.hasOwn(table, name) ? table[name] : undefined;
  return spec?.value === undefined ? undefined : spec;
}
