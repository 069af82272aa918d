import { dirname, resolve } from 'node:path';
import { type PlannedScript, planScripts, type Script } from '@muster/scripts';
import { externalProblems } from './external-problems.ts';
import { ManifestError } from './manifest-error.ts';
import { plainManifest } from './plain-manifest.ts';
import { type Completeness, planProblems } from './plan-problems.ts';
import type { ManifestProblem } from './problem.ts';
import { readManifestFile } from './read-file.ts';
import { salvage } from './salvage.ts';
import { type ManifestDocument, manifestSchema } from './schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { textEnvironment, toScripts } from './scripts-of-manifest.ts';
import { YamlSource } from './yaml-source.ts';

/** A manifest that can be run. Immutable. */
export interface Manifest {
  /** As it was named. */
  readonly file: string;
  /** In the order of the file; paths are absolute. */
  readonly scripts: readonly Script[];
  /** The same scripts with their units, as the runner will see them. */
  readonly planned: readonly PlannedScript[];
  readonly external: readonly string[];
  /** Of every script. */
  readonly env: Readonly<Record<string, string>>;
  /** What works, but is probably not meant. */
  readonly warnings: readonly string[];
}

/**
 * Reads and checks a manifest. Nothing runs.
 *
 * @throws ManifestError `unreadable_manifest`, or `invalid_manifest` with everything that is wrong, in the order of the file.
 */
export function loadManifest(file: string): Manifest {
  return parseManifest(file, readManifestFile(file));
}

/** {@link loadManifest} for text that is at hand; `file` is only named, and its directory is the base of relative paths. */
export function parseManifest(file: string, text: string): Manifest {
  const source = new YamlSource(file, text);
  if (source.problems.length > 0) throw invalid(file, source.problems);
  const data = plainManifest(source);
  if (data === null || typeof data !== 'object' || Array.isArray(data)) throw invalid(file, [notAMap(source, data)]);
  const parsed = manifestSchema.safeParse(data, { reportInput: false });
  const found = parsed.success ? [] : schemaProblems(parsed.error.issues, data, source);
  if (parsed.success) return plan(file, { document: parsed.data, completeness: 'whole', found, source });
  return plan(file, { ...salvage(data), found, source });
}

interface Checked {
  /** Where the schema found problems: what could be kept of the manifest. */
  readonly document: ManifestDocument;
  readonly completeness: Completeness;
  readonly found: readonly ManifestProblem[];
  readonly source: YamlSource;
}

function plan(file: string, { document, completeness, found, source }: Checked): Manifest {
  const scripts = toScripts(document, dirname(resolve(file)));
  const external = document.external ?? [];
  const scriptPlan = planScripts(scripts, { external });
  const all = [
    ...found,
    ...planProblems(scriptPlan, { completeness, source }),
    ...externalProblems(external, scriptPlan, source),
  ];
  if (all.length > 0) throw invalid(file, all);
  const warnings = scriptPlan.warnings.map(({ message }) => message);
  return { file, scripts, planned: scriptPlan.planned, external, env: textEnvironment(document.env), warnings };
}

function notAMap(source: YamlSource, data: unknown): ManifestProblem {
  const message = data === null ? 'the manifest is empty' : 'a manifest must be a map';
  const hint = 'Begin with "version: 1" and "scripts:", as in: muster-agent --help';
  return source.problemAt([], { message, hint, showLine: false });
}

/** In the order of the file; each problem once. */
function invalid(file: string, problems: readonly ManifestProblem[]): ManifestError {
  const unique = new Map(problems.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem]));
  const sorted = [...unique.values()].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  return new ManifestError('invalid_manifest', file, sorted);
}
