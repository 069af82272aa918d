import type { Completeness } from './plan-problems.ts';
import { type ManifestDocument, type ManifestScript, manifestSchema, scriptSchema } from './schema.ts';

/**
 * The parts of a refused manifest that are right by themselves, so that names, cycles and cron patterns are checked in
 * the same go as types. What is missing in it makes later findings a guess: see `planProblems`.
 */
export function salvage(data: object): { document: ManifestDocument; completeness: Completeness } {
  const fields = rightFields(data, manifestSchema.shape);
  const entries = 'scripts' in data && isMap(data.scripts) ? Object.entries(data.scripts) : [];
  const scripts = Object.fromEntries(entries.filter(isScript).map(([name, script]) => [name, salvageScript(script)]));
  // Every field was checked by the schema's own type for it; those that were wrong are absent or have a stand-in.
  const document = { ...fields, version: 1, scripts } as ManifestDocument;
  return { document, completeness: namesAreKnown(data, entries) ? 'names_known' : 'names_missing' };
}

function namesAreKnown(data: object, entries: readonly (readonly [string, unknown])[]): boolean {
  const external = 'external' in data ? data.external : undefined;
  if (!manifestSchema.shape.external.safeParse(external).success) return false;
  return entries.every(
    (entry) => isScript(entry) && namesOf(entry[1]).every((name) => name === undefined || typeof name === 'string'),
  );
}

function namesOf(script: object): unknown[] {
  return ['name' in script ? script.name : undefined, 'address' in script ? script.address : undefined];
}

function isScript(entry: readonly [string, unknown]): entry is readonly [string, object] {
  return isMap(entry[1]);
}

function salvageScript(data: object): ManifestScript {
  // As above.
  return { run: 'true', ...rightFields(data, scriptSchema.shape) } as ManifestScript;
}

function rightFields(
  data: object,
  shape: Readonly<Record<string, { safeParse(value: unknown): { success: boolean } }>>,
): object {
  const right = Object.entries(data).filter(
    ([key, value]) => Object.hasOwn(shape, key) && shape[key]?.safeParse(value).success,
  );
  return Object.fromEntries(right);
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
