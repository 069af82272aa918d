import type { Check } from '../finding.ts';
import { agentCheck } from './agent.ts';
import { clockCheck } from './clock.ts';
import { commandPathCheck } from './command-path.ts';
import { diskSpaceCheck } from './disk-space.ts';
import { fileLimitCheck } from './file-limit.ts';
import { lockCheck } from './lock.ts';
import { nodeVersionCheck } from './node-version.ts';
import { protocolCheck } from './protocol.ts';
import { socketDirectoryCheck } from './socket-directory.ts';
import { socketFileCheck } from './socket-file.ts';
import { socketPathCheck } from './socket-path.ts';
import { stateDirectoryCheck } from './state-directory.ts';

/** Every check, in the order in which one leads to the next. */
export const CHECKS: readonly Check[] = [
  ...[nodeVersionCheck(), commandPathCheck],
  ...[socketPathCheck, socketDirectoryCheck, socketFileCheck, lockCheck],
  ...[agentCheck, protocolCheck, clockCheck],
  ...[stateDirectoryCheck, diskSpaceCheck, fileLimitCheck],
];
