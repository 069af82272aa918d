// `pnpm check:packages`: packs every published package as a release would, and checks what is in the archive: that the
// entry points exist and are found (publint), and that their types are found in every way of resolving them (attw).
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const ROOT = path.resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

interface PackageJson {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly types?: string }>>;
}

function pack(folder: string, destination: string): string {
  const printed = execFileSync('pnpm', ['pack', '--json', '--pack-destination', destination], {
    cwd: folder,
    encoding: 'utf8',
  });
  return JSON.parse(printed).filename;
}

async function problemsOfFiles(archive: string): Promise<readonly string[]> {
  const bytes = readFileSync(archive);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

/** The entry points with types; an archive without any is a program, and has nothing to check here. */
function problemsOfTypes({ exports }: PackageJson, archive: string): readonly string[] {
  const typed = Object.keys(exports).filter((key) => typeof exports[key] === 'object');
  if (typed.length === 0) return [];
  const attw = path.join(path.dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');
  const argv = [attw, archive, '--profile', 'esm-only', '--no-color', '--entrypoints', ...typed];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  return status === 0 ? [] : [stdout + stderr];
}

const destination = mkdtempSync(path.join(tmpdir(), 'muster-packages-'));
let failed = 0;
for (const folder of ['packages', 'apps'].flatMap((group) =>
  readdirSync(path.join(ROOT, group)).map((name) => path.join(ROOT, group, name)),
)) {
  const manifest: PackageJson = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const archive = pack(folder, destination);
  const problems = [...(await problemsOfFiles(archive)), ...problemsOfTypes(manifest, archive)];
  console.log(`${problems.length === 0 ? 'ok' : 'not ok'}  ${manifest.name}`);
  for (const problem of problems) console.log(problem);
  failed += problems.length;
}
rmSync(destination, { recursive: true });
process.exitCode = failed === 0 ? 0 : 1;
