import path from 'node:path';
import { parseSync, type StaticExport, type StaticImport } from 'oxc-parser';
import { exists, read } from './tracked-files.ts';

/** One import or re-export of a module: what it names, and whether anything of it is left at run time. */
export interface ImportLine {
  readonly from: string;
  readonly typeOnly: boolean;
}

/** A name that a module declares and exports itself, with what the reader of the source sees of it. */
export interface ExportedDeclaration {
  readonly name: string;
  readonly documented: boolean;
  /** The source text of the declaration, without its comment. */
  readonly text: string;
}

/** Everything a module imports, re-exports or loads with `import('…')`. */
export function importsOf(file: string): readonly ImportLine[] {
  const text = read(file);
  const { module } = parse(file, text);
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    from: text.slice(start + 1, end - 1),
    typeOnly: false,
  }));
  return [...module.staticImports.map(importLine), ...module.staticExports.flatMap(reExportLines), ...dynamic];
}

/** The names that a module exports, each with the file that declares it; relative re-exports are followed. */
export function exportedNames(file: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const entry of parse(file, read(file)).module.staticExports.flatMap(({ entries }) => entries)) {
    const name = entry.exportName.name ?? 'default';
    names.set(entry.isType ? `type ${name}` : name, entry.moduleRequest?.value ?? file);
  }
  return names;
}

/** The declarations that a module exports, in order. */
export function exportedDeclarations(file: string): readonly ExportedDeclaration[] {
  const text = read(file);
  const { module, comments } = parse(file, text);
  const documentedAt = (start: number) =>
    comments.some(
      ({ type, value, end }) => type === 'Block' && value.startsWith('*') && isBlank(text.slice(end, start)),
    );
  return module.staticExports
    .filter(({ entries }) =>
      entries.some(({ moduleRequest, localName }) => moduleRequest === null && localName.name !== null),
    )
    .flatMap(({ start, end, entries }) =>
      entries.map(({ exportName }) => ({
        name: exportName.name ?? 'default',
        documented: documentedAt(start),
        text: text.slice(start, end),
      })),
    );
}

/** The file that a relative import means, or null for the name of a package. */
export function resolveRelative(file: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const target = path.posix.join(path.posix.dirname(file), specifier);
  if (!exists(target)) throw new Error(`${file} imports ${specifier}, which isn't there`);
  return target;
}

function parse(file: string, text: string) {
  const result = parseSync(file, text, { sourceType: 'module' });
  if (result.errors.length > 0) throw new Error(`${file}: ${result.errors[0]?.message}`);
  return result;
}

function importLine({ moduleRequest, entries }: StaticImport): ImportLine {
  return { from: moduleRequest.value, typeOnly: entries.length > 0 && entries.every(({ isType }) => isType) };
}

function reExportLines({ entries }: StaticExport): readonly ImportLine[] {
  return entries.flatMap(({ moduleRequest, isType }) =>
    moduleRequest === null ? [] : [{ from: moduleRequest.value, typeOnly: isType }],
  );
}

const isBlank = (text: string) => text.trim() === '';
