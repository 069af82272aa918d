import stringWidth from 'fast-string-width';

/** The text, or as much of it as fits into a width on a terminal, with `…` where it was cut. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  let left = width - 1;
  for (const { segment } of segmenter().segment(text)) {
    left -= stringWidth(segment);
    if (left < 0) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept}…`;
}

let graphemes: Intl.Segmenter | undefined;

/** Made when it is needed: every other command would pay for its tables, too. */
function segmenter(): Intl.Segmenter {
  graphemes ??= new Intl.Segmenter();
  return graphemes;
}
