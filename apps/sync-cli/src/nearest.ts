import { distance } from 'fastest-levenshtein';

/**
 * Those of the known words that `word` may be a slip for, nearest first. A third of the letters may differ, at least two
 * (a swap counts as two) but never all of them; a known word that begins with `word` counts too. Of equally near ones
 * those with the same first letter come first: it is the one that people get right.
 */
export function nearest(word: string, known: readonly string[]): readonly string[] {
  const allowed = Math.min(word.length - 1, Math.max(2, Math.floor(word.length / 3)));
  return known
    .map((candidate) => ({
      candidate,
      distance: candidate.startsWith(word) ? 0 : distance(word, candidate),
      hasInitial: candidate[0] === word[0],
    }))
    .filter((each) => each.distance <= allowed)
    .sort((a, b) => a.distance - b.distance || Number(b.hasInitial) - Number(a.hasInitial))
    .map(({ candidate }) => candidate);
}
