/**
 * A value as JSON for stdout or stderr. Invisible and control characters travel as `\u202e`: the same JSON, and harmless
 * on a terminal.
 *
 * @param indent Spaces for each level; 0 gives one line.
 */
export function toJson(value: unknown, indent: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    escapeUnits,
  );
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => escapeUnit(character.charCodeAt(index))).join('');
}

function escapeUnit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
