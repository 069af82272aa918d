import { distance } from 'fastest-levenshtein';

/** How many names a suggestion has at the most. */
const MAX_SUGGESTIONS = 3;

/** Longer names are not compared: the cost grows with the product of the lengths, and a client may ask often. */
const MAX_COMPARED_LENGTH = 64;

/**
 * The known names that a mistyped one may have meant, best first: those that differ in at most a third of its characters
 * (two in a short one), or in upper and lower case only. With 10,000 names it takes a few milliseconds.
 */
export function nearestNames(name: string, known: Iterable<string>): string[] {
  if (name.length > MAX_COMPARED_LENGTH) return [];
  const lower = name.toLowerCase();
  const limit = Math.min(Math.max(2, Math.floor(name.length / 3)), name.length - 1);
  const found: { candidate: string; edits: number }[] = [];
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const edits = distance(lower, candidate.toLowerCase());
    if (edits <= limit) found.push({ candidate, edits });
  }
  return found
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, MAX_SUGGESTIONS)
    .map(({ candidate }) => candidate);
}
