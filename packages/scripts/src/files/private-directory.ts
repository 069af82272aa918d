import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, type Stats } from 'node:fs';
import { cannot, PreparationFailure } from '../run/failure-reason.ts';
import { makeDirectories } from './make-directories.ts';

/**
 * Makes sure that a directory is there, is ours and is closed to everybody else (0700).
 *
 * @throws PreparationFailure naming the directory.
 */
export function ensurePrivateDirectory(path: string): void {
  try {
    // Most are there already. Another user may have made it, or a link in its place.
    const stat = lstatSync(path, { throwIfNoEntry: false }) ?? made(path);
    if (!stat.isDirectory()) throw new PreparationFailure('it is not a directory');
    if (stat.uid !== process.geteuid?.()) throw new PreparationFailure('it belongs to another user');
    if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    throw cannot('use the directory', path, error);
  }
}

function made(path: string): Stats {
  makeDirectories(path);
  return lstatSync(path);
}

/**
 * A file name for any name: a slug for people and a hash for uniqueness. The name itself never becomes part of a path,
 * so `../x`, names that differ in case only and names of 256 characters are all safe.
 */
export function fileNameFor(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${slug === '' ? 'script' : slug}-${hash}`;
}
