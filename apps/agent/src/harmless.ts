import { quote } from '@muster/unit';

/** The text with control and invisible characters escaped, so that it can't drive a terminal; a tab becomes a space. */
export function harmless(text: string): string {
  return quote(text.replaceAll('\t', ' ')).slice(1, -1);
}
