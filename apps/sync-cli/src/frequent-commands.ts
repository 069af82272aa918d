import type { Command } from './commands/command.ts';
import { complete } from './commands/complete.ts';
import { list } from './commands/list.ts';
import { ping } from './commands/ping.ts';
import { start } from './commands/start.ts';
import { want } from './commands/want.ts';

/** What scripts call again and again. To load every command takes longer than such a call. */
export const FREQUENT: readonly Command[] = [ping, want, start, complete, list];
