import { isPlain } from './plain-text.ts';

/** Characters that are not seen, or drive a terminal. As text, for the reason that is given for those in names.ts. */
const INVISIBLE = String.raw`[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;

/**
 * A value as JSON for stdout or stderr. Invisible and control characters travel as `\u202e`: the same JSON, and harmless
 * on a terminal.
 *
 * @param indent Spaces for each level; 0 gives one line.
 */
export function toJson(value: unknown, indent: number): string {
  const json = JSON.stringify(value, null, indent);
  return isPlain(json.replaceAll('\n', '')) ? json : json.replace(new RegExp(INVISIBLE, 'gu'), escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => escapeUnit(character.charCodeAt(index))).join('');
}

function escapeUnit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
