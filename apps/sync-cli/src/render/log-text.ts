import { HARMFUL, visible } from './names.ts';

/**
 * A carriage return, or what {@link visible} writes out; also the codes that set colours (SGR of ECMA-48), to be kept. Joiners and
 * variation selectors stay as well: they make up emoji, and can neither drive nor reorder.
 */
const SPECIAL = String.raw`\p{Cc}\[[\d;:]*m|\r\n|(?!\n|\t|\u200d|\ufe0f)${HARMFUL}`;

const ESC = '\u001b';

/** The end of the colours of a text, so that they don't go on in what comes after. */
export const COLORS_END = `${ESC}[0m`;

/**
 * What a script printed, harmless on a terminal: its colours stay where `colors` says so, a carriage return begins a line, and other
 * harmful characters are written out.
 */
export function harmlessLog(text: string, colors: boolean): string {
  return text.replace(new RegExp(SPECIAL, 'gu'), (match) => {
    if (match.startsWith('\r')) return '\n';
    if (match.length < 2 || match[1] !== '[') return visible(match);
    if (match[0] === ESC) return colors ? match : '';
    return visible(match[0] ?? '') + match.slice(1);
  });
}

/** How much of a text that goes on can be shown: a carriage return or an unfinished code at its end has to wait for the rest. */
export function completeLength(text: string): number {
  if (text.endsWith('\r')) return text.length - 1;
  const at = text.lastIndexOf(ESC);
  const isUnfinished = at >= 0 && text.length - at < 32 && /^(\[[\d;:]*)?$/.test(text.slice(at + 1));
  return isUnfinished ? at : text.length;
}

/** Whether a text sets colours. */
export function setsColors(text: string): boolean {
  return text.includes(`${ESC}[`);
}
