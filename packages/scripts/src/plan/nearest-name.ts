import { distance } from 'fastest-levenshtein';

/** Names longer than this are not compared: nobody mistypes them, and the distance costs the product of the lengths. */
const MAX_COMPARED = 100;

/**
 * The known name that `name` was probably meant to be, if there is one: a third of its letters may differ, and two in any
 * case (a swap counts as two), but never all.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > MAX_COMPARED) return undefined;
  const limit = Math.max(Math.min(2, name.length - 1), Math.floor(name.length / 3));
  let nearest: string | undefined;
  let best = limit + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > limit || candidate === name) continue;
    const differences = distance(name.toLowerCase(), candidate.toLowerCase());
    if (differences >= best) continue;
    best = differences;
    nearest = candidate;
  }
  return nearest;
}
