import { isPlain } from './plain-text.ts';

/**
 * Characters that can drive a terminal, reorder what is shown, or hide: control, format (bidi and zero-width among them),
 * line and paragraph separators, lone surrogates, and whatever Unicode says to show as nothing. As text, since V8 reads the tables
 * of Unicode for an expression that is written out when it loads the file, which takes longer than most calls.
 */
export const HARMFUL = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]`;

/** How many names a sentence lists before it only counts the rest. */
const MAX_NAMED = 10;

/** The text with harmful characters written out, as `\u{1b}`; other text is returned as it is. */
export function visible(text: string): string {
  if (isPlain(text)) return text;
  return text.replace(new RegExp(HARMFUL, 'gu'), (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A name between quotation marks, harmless. */
export function quote(name: string): string {
  return `"${visible(name)}"`;
}

/** A name for a cell of a table: quoted only where its spaces could pass for the end of the cell. */
export function cellName(name: string): string {
  return /^\s|\s$|\s\s|[^\S ]|^"/.test(name) ? quote(name) : visible(name);
}

/** `"a"`, `"a" and "b"`, `"a", "b" and 7 more`. @param total How many there are, where `names` are only the first. */
export function listNames(names: readonly string[], total: number = names.length): string {
  return list(names.map(quote), total);
}

/** {@link listNames} for phrases. @param total How many there are, where `phrases` are only the first. */
export function list(phrases: readonly string[], total: number = phrases.length): string {
  const named = phrases.slice(0, MAX_NAMED);
  const rest = total - named.length;
  if (rest > 0) named.push(`${rest} more`);
  return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
}
