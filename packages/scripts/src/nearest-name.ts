import { distance } from 'fastest-levenshtein';

/** Names longer than this are not compared: nobody mistypes them, and the cost is quadratic. */
const MAX_LENGTH = 64;

/** The known name that `name` was probably meant to be: at most a third of its characters differ. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  let nearest: string | undefined;
  let best = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (candidate.length > MAX_LENGTH) continue;
    const differences = distance(name.toLowerCase(), candidate.toLowerCase());
    if (differences < best) {
      best = differences;
      nearest = candidate;
    }
  }
  return nearest;
}
