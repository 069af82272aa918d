import { quote } from '@muster/unit';
import type * as z from 'zod';
import { didYouMean } from '../did-you-mean.ts';
import { unmark } from './plain-manifest.ts';
import type { ManifestPath, ManifestProblem } from './problem.ts';
import { MANIFEST_FIELDS, SCRIPT_FIELDS } from './script-fields.ts';
import type { YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

interface Field {
  readonly must: string;
  readonly example: string;
  readonly elsewhere?: string;
}

/** What the schema found, in words, each at its place in the file. */
export function schemaProblems(issues: readonly Issue[], data: unknown, source: YamlSource): ManifestProblem[] {
  return issues.flatMap((issue) => narrowed(issue, data)).flatMap((issue) => problemsOf(issue, data, source));
}

function problemsOf(issue: Issue, data: unknown, source: YamlSource): ManifestProblem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : unmark(String(step))));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(unmark(key), path, source));
  const value = at(data, issue.path);
  const field = fieldAt(path);
  const hint = field === null ? undefined : withElsewhere(`Example: ${field.example}`, field);
  if (issue.code === 'invalid_key') {
    const message = `${subject(path)} ${issue.issues[0]?.message ?? 'is not allowed'}`;
    return [source.problemAt(path, { message, hint: KEY_HINT, atKey: true, showLine: false })];
  }
  if (value === undefined) {
    const parent = path.slice(0, -1);
    const message = `${subject(parent)} has no ${quote(String(path.at(-1)))}`;
    return [source.problemAt(parent, { message, hint, atKey: true, showLine: false })];
  }
  const message = `${subject(path)} ${complaint(issue, { field, got: isSecret(path) ? typeName(value) : shown(value) })}`;
  return [
    source.problemAt(path, { message, hint: hintFor(issue, { value, path }) ?? hint, showLine: !isSecret(path) }),
  ];
}

/** Of a value that may have several types, the issue inside the type that its author meant: the index of a list, for example. */
function narrowed(issue: Issue, data: unknown): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const value = at(data, issue.path);
  const meant = issue.errors.find((branch) => branch[0] !== undefined && !isOfOtherType(branch[0], value));
  if (meant === undefined) return [issue];
  // Only the path differs: inside of a union it counts from there.
  return meant.flatMap((inner) => narrowed({ ...inner, path: [...issue.path, ...inner.path] } as Issue, data));
}

function isOfOtherType(inner: Issue, value: unknown): boolean {
  if (inner.path.length > 0) return false;
  return inner.code === 'invalid_type' || (inner.code === 'invalid_value' && typeof value !== typeof inner.values[0]);
}

function complaint(issue: Issue, { field, got }: { field: Field | null; got: string }): string {
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_value':
    case 'invalid_union':
      return `must be ${wanted(issue, field)}, not ${got}`;
    default:
      return issue.message.startsWith('must be ') ? `${issue.message}, not ${got}` : issue.message;
  }
}

function wanted(issue: Issue, field: Field | null): string {
  // Inside a list or a map of a field, its sentence would speak of the whole field.
  if (field !== null) return field.must;
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ');
  if (issue.code === 'invalid_type') return EXPECTED[issue.expected] ?? issue.expected;
  return 'text, a number, true or false';
}

function hintFor(issue: Issue, { value, path }: { value: unknown; path: ManifestPath }): string | undefined {
  if (issue.code !== 'invalid_value' || typeof value !== 'string') return undefined;
  const values = issue.values.map(String);
  // The field of a list's entry knows where a wrong one belongs.
  return didYouMean(value, values, `${withElsewhere(`Use ${values.join(' or ')}`, fieldAt(path.slice(0, 3)))}.`);
}

function withElsewhere(hint: string, field: Field | null): string {
  return field?.elsewhere === undefined ? hint : `${hint}; ${field.elsewhere}`;
}

function unknownKey(key: string, path: ManifestPath, source: YamlSource): ManifestProblem {
  const known = Object.keys(path.length === 0 ? MANIFEST_FIELDS : SCRIPT_FIELDS);
  const allowed = `Use one of ${known.join(', ')}; keys of your own begin with x-.`;
  const message = `${subject(path)} has an unknown key ${quote(key)}`;
  return source.problemAt([...path, key], {
    message,
    hint: didYouMean(key, known, allowed),
    atKey: true,
    showLine: false,
  });
}

const KEY_HINT = 'Choose another name; names that begin with MUSTER_ belong to the agent.';

/** The help of the field that a path names; null inside of fields. */
function fieldAt(path: ManifestPath): Field | null {
  const [top, , field] = path;
  if (path.length === 1) return MANIFEST_FIELDS[top as keyof typeof MANIFEST_FIELDS] ?? null; // May be any text: hence ??.
  if (path.length === 3 && top === 'scripts') return SCRIPT_FIELDS[field as keyof typeof SCRIPT_FIELDS] ?? null; // Likewise.
  return null;
}

/** What a path names, for a sentence: `"timeout" of script "build"`. */
function subject(path: ManifestPath): string {
  const [top, script, ...rest] = path;
  if (top === undefined) return 'the manifest';
  if (top !== 'scripts' || script === undefined) return inField(top, path.slice(1));
  const named = `script ${quote(String(script))}`;
  const [field, ...inner] = rest;
  return field === undefined ? named : `${inField(field, inner)} of ${named}`;
}

function inField(field: string | number, inner: ManifestPath): string {
  const [step] = inner;
  const name = quote(String(field));
  if (step === undefined) return name;
  return typeof step === 'number' ? `entry ${step + 1} of ${name}` : `${quote(String(step))} in ${name}`;
}

function isSecret(path: ManifestPath): boolean {
  return path.includes('env') || path.includes('run');
}

function at(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step]; // An object, as checked; its properties stay unknown.
  }
  return value;
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'a map of keys, such as run',
  array: 'a list',
};

/** A short value itself, where it can't be a secret. */
function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.length <= MAX_SHOWN ? quote(value) : typeName(value);
}

const MAX_SHOWN = 40;

/** Never the value itself: it could be a secret. */
function typeName(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  const names: Readonly<Record<string, string>> = {
    string: 'this text',
    number: 'a number',
    boolean: 'true or false',
    object: 'a map',
  };
  return names[typeof value] ?? typeof value;
}
