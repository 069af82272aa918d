import type { Command } from './command.ts';
import { complete } from './complete.ts';
import { completeWords } from './complete-words.ts';
import { completion } from './completion.ts';
import { doctor } from './doctor.ts';
import { fail } from './fail.ts';
import { list } from './list.ts';
import { lock } from './lock.ts';
import { logs } from './logs.ts';
import { ping } from './ping.ts';
import { run } from './run.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { wait } from './wait.ts';
import { want } from './want.ts';
import { watch } from './watch.ts';
import { why } from './why.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  ping,
  run,
  want,
  start,
  complete,
  fail,
  wait,
  status,
  list,
  why,
  logs,
  lock,
  watch,
  doctor,
  completion,
  completeWords,
];
