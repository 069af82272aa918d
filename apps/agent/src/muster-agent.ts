#!/usr/bin/env node
import { guardProcess } from './process/guards.ts';

guardProcess();
// Loaded late: importing takes longer than everything before, and the guards must hold by then.
const { main } = await import('./main.ts');
// Ended at once, since a script or a client may hold something open; the log is written synchronously.
process.exit(await main(process.argv.slice(2)));
