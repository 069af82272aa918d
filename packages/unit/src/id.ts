import { UnitError } from './errors.ts';

declare const unitId: unique symbol;

/** The name of a unit, checked once by {@link parseUnitId}. */
export type UnitId = string & { readonly [unitId]: true };

/** The longest unit name, in characters (code points). */
export const MAX_UNIT_ID_LENGTH = 256;

/**
 * Checks a name and returns it as a {@link UnitId}, unchanged.
 *
 * A name is 1 to 256 characters of any text without control characters, so Terraform addresses such as
 * `module.dev.coder_script.configure["main"]` pass as they are.
 *
 * @throws UnitError `invalid_unit_id`, which says what is wrong with the name.
 */
export function parseUnitId(text: string): UnitId {
  const problem = problemOf(text);
  if (problem !== null) throw UnitError.invalidUnitId(text, problem);
  return text as UnitId; // The only place where a name becomes a UnitId.
}

/** Printable ASCII: most names are, and to look at one more closely takes as long as a lookup. */
const PLAIN = /^[ -~]+$/;

function problemOf(text: string): string | null {
  if (text.length <= MAX_UNIT_ID_LENGTH && PLAIN.test(text)) return null;
  if (text === '') return 'it is empty';
  // A character takes one or two UTF-16 units, so only text between the two bounds has to be counted.
  if (
    text.length > MAX_UNIT_ID_LENGTH &&
    (text.length > 2 * MAX_UNIT_ID_LENGTH || [...text].length > MAX_UNIT_ID_LENGTH)
  ) {
    return `it is longer than ${MAX_UNIT_ID_LENGTH} characters`;
  }
  const control = /\p{Cc}/u.exec(text);
  if (control !== null) return `it has the control character ${codePoint(control[0])}`;
  // A lone surrogate has no UTF-8 form: two such names would become one on the socket.
  if (!text.isWellFormed()) return 'it is not well-formed Unicode';
  return null;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
