#!/usr/bin/env node
import { EXIT } from './exit-codes.ts';
import { guardProcess } from './process/guards.ts';
import { oldNode } from './process/node-version.ts';
import { print } from './process/print.ts';
import { StopSignals } from './process/stop-signals.ts';

guardProcess();
const signals = new StopSignals();
const refusal = oldNode(process.versions.node);
if (refusal !== null) {
  await print(refusal, 'stderr').catch(() => undefined); // The exit code still tells.
  process.exit(EXIT.usage);
}
// Loaded late: importing takes longer than everything before, and the guards must hold by then.
const { main } = await import('./main.ts');
// Ended at once, since a script or a client may hold something open.
process.exit(await main(process.argv.slice(2), signals));
