/**
 * Whether a text is printable ASCII alone, as nearly all are: harmless, and one column of a terminal for each character. Said
 * without the tables of Unicode, which take a short command longer to set up than all else that it prints.
 */
export function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
