import { visible } from './names.ts';

/** A path as a word of a shell command, to be copied from the screen. */
export function shellWord(path: string): string {
  const shown = visible(path);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}
