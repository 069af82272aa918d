import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MANIFEST_LIMITS } from '../../src/manifest/limits.ts';
import { loadManifest } from '../../src/manifest/manifest.ts';
import { refusalOf } from '../support/refusal.ts';
import { TemporaryDirectory } from '../support/temporary-directory.ts';

function refusalOfFile(directory: TemporaryDirectory, name: string, content?: string | Uint8Array): string {
  const file = directory.file(name);
  if (content !== undefined) writeFileSync(file, content);
  return refusalOf(() => loadManifest(file)).replaceAll(directory.path, 'DIR');
}

test('files that can not be a manifest are refused with what to do', () => {
  using directory = new TemporaryDirectory();
  mkdirSync(directory.file('d'));
  execFileSync('mkfifo', [directory.file('fifo')]);
  expect(refusalOfFile(directory, 'missing.yaml')).toMatchInlineSnapshot(`
    "DIR/missing.yaml: can't read "DIR/missing.yaml": no such file or directory
          Name an existing file, as in: muster-agent run workspace.yaml

    1 problem. Nothing was started."
  `);
  expect(refusalOfFile(directory, 'd')).toMatchInlineSnapshot(`
    "DIR/d: can't read "DIR/d": this is a directory
          Name the manifest file inside it.

    1 problem. Nothing was started."
  `);
  expect(refusalOfFile(directory, 'fifo')).toMatchInlineSnapshot(`
    "DIR/fifo: can't read "DIR/fifo": this is not a regular file
          Write the manifest to a file and name that.

    1 problem. Nothing was started."
  `);
  expect(refusalOfFile(directory, 'huge.yaml', 'x'.repeat(MANIFEST_LIMITS.size + 1))).toMatchInlineSnapshot(`
    "DIR/huge.yaml: can't read "DIR/huge.yaml": the file is larger than 1048576 bytes
          Move long scripts to files of their own and call them.

    1 problem. Nothing was started."
  `);
  expect(refusalOfFile(directory, 'binary', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1]))).toMatchInlineSnapshot(`
    "DIR/binary: can't read "DIR/binary": this is not text: byte 4 is NUL
          A manifest is YAML or JSON, in UTF-8.

    1 problem. Nothing was started."
  `);
  expect(refusalOfFile(directory, 'latin1.yaml', new Uint8Array([0x76, 0xe4, 0x72]))).toMatchInlineSnapshot(`
    "DIR/latin1.yaml: can't read "DIR/latin1.yaml": this is not UTF-8 text
          Save the manifest as UTF-8.

    1 problem. Nothing was started."
  `);
});

test('a file that begins with a byte order mark is read', () => {
  using directory = new TemporaryDirectory();
  writeFileSync(directory.file('bom.yaml'), '\uFEFFversion: 1\nscripts: {}\n');
  expect(loadManifest(directory.file('bom.yaml')).scripts).toEqual([]);
});
