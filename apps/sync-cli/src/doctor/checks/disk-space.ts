import { statfsSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { quote } from '../../render/names.ts';
import { type Check, type Finding, noPath, ok, unknown, warning } from '../finding.ts';
import { look } from '../look.ts';

/** Below this there is soon no room for logs, in bytes: 100 MiB, or one hundredth of the disk. */
const LEAST_BYTES = 100 * 1024 * 1024;
const LEAST_SHARE = 0.01;

const REMEDY = 'Make room; old logs of runs are in the state directory.';

/** Whether there is room for logs and state. */
export const diskSpaceCheck: Check = {
  id: 'disk-space',
  run: ({ stateDirectory }) => {
    if (!isAbsolute(stateDirectory.path)) return noPath();
    const place = nearestExisting(stateDirectory.path);
    try {
      return judgeSpace(place, statfsSync(place));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return unknown(`The system does not say how much room there is at ${quote(place)}: ${why}.`);
    }
  },
};

/** What the numbers of statfs(2) mean. A file system without a fixed number of files says 0 for it. */
export function judgeSpace(
  place: string,
  disk: Record<'bsize' | 'blocks' | 'bavail' | 'files' | 'ffree', number>,
): Finding {
  if (disk.blocks === 0) return unknown(`How much room there is at ${quote(place)} is not known: it is on no disk.`);
  const free = disk.bavail * disk.bsize;
  const share = disk.bavail / disk.blocks;
  const finding = `${mebibytes(free)} (${Math.floor(share * 100)} %) are free at ${quote(place)}.`;
  if (free < LEAST_BYTES || share < LEAST_SHARE) return warning(`Only ${finding}`, REMEDY);
  if (disk.files > 0 && disk.ffree / disk.files < LEAST_SHARE)
    return warning(`Only ${disk.ffree} more files fit on the disk of ${quote(place)}.`, REMEDY);
  return ok(finding);
}

function mebibytes(bytes: number): string {
  const mib = bytes / 1024 / 1024;
  return mib < 10_240 ? `${Math.floor(mib)} MiB` : `${Math.floor(mib / 1024)} GiB`;
}

function nearestExisting(path: string): string {
  const found = look(path);
  return (found !== null && typeof found !== 'string') || path === dirname(path)
    ? path
    : nearestExisting(dirname(path));
}
