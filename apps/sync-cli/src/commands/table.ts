import type { Command } from './command.ts';
import { complete } from './complete.ts';
import { completeWords } from './complete-words.ts';
import { completion } from './completion.ts';
import { doctor } from './doctor.ts';
import { list } from './list.ts';
import { ping } from './ping.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { want } from './want.ts';
import { watch } from './watch.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  ping,
  want,
  start,
  complete,
  status,
  list,
  watch,
  doctor,
  completion,
  completeWords,
];
