import { nearestName } from '@muster/scripts';
import { quote } from '@muster/unit';

/** `Did you mean "run"?`, or the given words where no name is near. */
export function didYouMean(name: string, known: Iterable<string>, otherwise: string): string {
  const found = nearestName(name, known);
  return found === undefined ? otherwise : `Did you mean ${quote(found)}?`;
}
