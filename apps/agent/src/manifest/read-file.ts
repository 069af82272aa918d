import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import { quote } from '@muster/unit';
import { MANIFEST_LIMITS } from './limits.ts';
import { ManifestError } from './manifest-error.ts';

/**
 * The text of a manifest file.
 *
 * @throws ManifestError `unreadable_manifest` where the file is missing, not a regular file, unreadable, larger than
 *   {@link MANIFEST_LIMITS}, or not UTF-8 text.
 */
export function readManifestFile(file: string): string {
  return decode(file, readBytes(file));
}

function readBytes(file: string): Buffer {
  if (file.includes('\0')) throw unreadable(file, 'the path has a NUL character', 'Correct the path.');
  // O_NONBLOCK: opening a FIFO without a writer would hang for ever.
  const descriptor = attempt(file, () => openSync(file, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw unreadable(file, 'this is a directory', 'Name the manifest file inside it.');
    if (!stat.isFile())
      throw unreadable(file, 'this is not a regular file', 'Write the manifest to a file and name that.');
    return attempt(file, () => readUpTo(descriptor, file));
  } finally {
    closeSync(descriptor);
  }
}

function readUpTo(descriptor: number, file: string): Buffer {
  // One byte more than allowed tells a file that is too large, also while somebody writes to it.
  const buffer = Buffer.alloc(MANIFEST_LIMITS.size + 1);
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (read === 0) return buffer.subarray(0, length);
    length += read;
  }
  throw unreadable(
    file,
    `the file is larger than ${MANIFEST_LIMITS.size} bytes`,
    'Move long scripts to files of their own and call them.',
  );
}

function decode(file: string, bytes: Buffer): string {
  const nul = bytes.indexOf(0);
  if (nul !== -1)
    throw unreadable(file, `this is not text: byte ${nul} is NUL`, 'A manifest is YAML or JSON, in UTF-8.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The decoder says no more than that it failed.
    throw unreadable(file, 'this is not UTF-8 text', 'Save the manifest as UTF-8.');
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'Name an existing file, as in: muster-agent run workspace.yaml',
  ENOTDIR: 'A part of the path is a file. Correct the path.',
  EACCES: 'Make the file readable for the user that runs the agent.',
  ELOOP: 'The links lead in a circle. Name the file itself.',
};

function attempt<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ManifestError || !(error instanceof Error)) throw error;
    const { code, errno } = error as NodeJS.ErrnoException; // File system calls of Node throw nothing else.
    const words = (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? 'can not be read';
    throw unreadable(file, words, REMEDIES[code ?? ''] ?? 'Check the file and its directory.');
  }
}

function unreadable(file: string, message: string, hint: string): ManifestError {
  return new ManifestError('unreadable_manifest', file, [
    { file, message: `can't read ${quote(file)}: ${message}`, hint },
  ]);
}
