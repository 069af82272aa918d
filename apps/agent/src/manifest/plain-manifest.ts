import type { ManifestPath } from './problem.ts';
import type { YamlSource } from './yaml-source.ts';

/** Marks keys that validation libraries skip or trip over. Marked keys with more marks stay distinct. */
const MARK = '\uE000';
const AWKWARD = new RegExp(`^${MARK}*(?:__proto__|constructor)$`);

/** The key as validation can stand it: scripts may be called `__proto__`. */
function mark(key: string): string {
  return AWKWARD.test(key) ? MARK + key : key;
}

/** Undoes what {@link plainManifest} did to a key. */
export function unmark(key: string): string {
  return key.startsWith(MARK) && AWKWARD.test(key) ? key.slice(MARK.length) : key;
}

/**
 * The manifest as data for validation: without `x-*` keys where a map's keys are ours, values of the environment as
 * they are written, and awkward keys marked.
 */
export function plainManifest(source: YamlSource): unknown {
  return prepare(source.toPlain(), [], source);
}

function prepare(value: unknown, path: ManifestPath, source: YamlSource): unknown {
  if (Array.isArray(value)) return value.map((item, index) => prepare(item, [...path, index], source));
  if (typeof value === 'number' || typeof value === 'boolean') {
    return isEnvironment(path.slice(0, -1)) ? (source.scalarText(path) ?? value) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !(hasOurKeys(path) && key.startsWith('x-')));
  return Object.fromEntries(kept.map(([key, child]) => [mark(key), prepare(child, [...path, key], source)]));
}

function hasOurKeys(path: ManifestPath): boolean {
  return path.length === 0 || (path.length === 2 && path[0] === 'scripts');
}

function isEnvironment(path: ManifestPath): boolean {
  return (path.length === 1 && path[0] === 'env') || (path.length === 3 && path[0] === 'scripts' && path[2] === 'env');
}
