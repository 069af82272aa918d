/** What a shell takes for a variable of the command that follows; without a shell it is the command itself. */
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=/;

/** A word of a command line for reports, labels and messages: of `NAME=value`, whose value may be a secret, only the name. */
export function shownWord(word: string): string {
  const name = ASSIGNMENT.exec(word)?.[1];
  return name === undefined ? word : `${name}=…`;
}

/** The words that do what `NAME=value COMMAND` was to do, without the values; `null` where it begins with no such word. */
export function withEnv(words: readonly string[]): string | null {
  const count = words.findIndex((word) => !ASSIGNMENT.test(word));
  if (count === 0 || words.length === 0) return null;
  const variables = (count < 0 ? words : words.slice(0, count)).map(shownWord);
  return ['env', ...variables, words[count] ?? 'COMMAND'].join(' ');
}
