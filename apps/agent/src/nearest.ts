import { quote } from '@muster/unit';
import { distance } from 'fastest-levenshtein';

/** Names longer than this are not compared: nobody mistypes them, and the distance costs the product of the lengths. */
const MAX_COMPARED = 100;

/** The known name that is most like the given one; null where none is near (a third of its letters may differ, and two where there are more than two). */
export function nearest(name: string, known: Iterable<string>): string | null {
  if (name.length > MAX_COMPARED) return null;
  const limit = Math.max(Math.min(2, name.length - 1), Math.floor(name.length / 3));
  let best: { name: string; distance: number } | null = null;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > limit || candidate === name) continue;
    const apart = distance(name.toLowerCase(), candidate.toLowerCase());
    if (apart <= limit && (best === null || apart < best.distance)) best = { name: candidate, distance: apart };
  }
  return best?.name ?? null;
}

/** `Did you mean "run"?`, or the given words where no name is near. */
export function didYouMean(name: string, known: Iterable<string>, otherwise: string): string {
  const found = nearest(name, known);
  return found === null ? otherwise : `Did you mean ${quote(found)}?`;
}
