import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * Name, version and licence of every package that is bundled, as their licences ask for, from what esbuild says it has read.
 *
 * @throws Error where a package has no licence file: somebody has to look then.
 */
export function thirdPartyLicenses(metafile: string): string {
  const { inputs } = JSON.parse(readFileSync(metafile, 'utf8')) as { inputs: Record<string, unknown> };
  const folders = new Set(Object.keys(inputs).flatMap((file) => packageFolder(file) ?? []));
  const notices = [...folders].map(notice).sort();
  return `muster-agent contains these packages.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** The folder of the package that a file below node_modules belongs to. */
function packageFolder(file: string): string | null {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? null;
}

function notice(folder: string): string {
  const { name, version, license }: PackageJson = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no licence file in ${resolve(dirname(folder))}`);
  return `${name} ${version} (${license ?? 'see below'})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
