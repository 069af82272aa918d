import { parse } from 'yaml';
import { exists, read, trackedFiles } from './tracked-files.ts';

/** The fields of a package.json that the tests look at. */
interface PackageJson {
  readonly name: string;
  readonly private?: boolean;
  readonly version?: string;
  readonly license?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** One workspace: a folder with its package.json. The root is the workspace with the folder `.`. */
export interface Workspace {
  readonly folder: string;
  readonly manifest: PackageJson;
}

/** The parts of pnpm-workspace.yaml that the tests look at. */
export interface WorkspaceSettings {
  readonly packages: readonly string[];
  readonly catalog: Readonly<Record<string, string>>;
  readonly allowBuilds: Readonly<Record<string, boolean>>;
}

/** pnpm-workspace.yaml. */
export function workspaceSettings(): WorkspaceSettings {
  return parse(read('pnpm-workspace.yaml'));
}

/** All workspaces that pnpm-workspace.yaml selects, and the root. */
export function workspaces(): readonly Workspace[] {
  const selected = workspaceSettings().packages.map(
    (glob) => new RegExp(`^${glob.replace('*', '[^/]+')}/package\\.json$`),
  );
  const manifests = trackedFiles(/package\.json$/).filter((file) => selected.some((glob) => glob.test(file)));
  return ['package.json', ...manifests].map((file) => ({
    folder: file === 'package.json' ? '.' : file.slice(0, -'/package.json'.length),
    manifest: JSON.parse(read(file)),
  }));
}

/** The workspaces that are published: everything below packages/ and apps/. */
export function published(): readonly Workspace[] {
  return workspaces().filter(({ folder }) => /^(packages|apps)\//.test(folder));
}

/** The folders that a workspace's tsconfig.json refers to, as paths from the root, sorted. */
export function tsconfigReferences(folder: string): readonly string[] {
  const file = `${folder}/tsconfig.json`;
  if (!exists(file)) return [];
  const references: readonly { path: string }[] = parse(read(file)).references ?? [];
  return references.map(({ path }) => new URL(path, `file:///${folder}/`).pathname.slice(1)).sort();
}
