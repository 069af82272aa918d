// An event loop that does nothing while another program runs, on processors that both share. Prints one line of JSON: how long the
// loop stood still. Call: node watch-beside.ts COMMAND [ARGUMENT…]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { LoopWatch } from '../support/loop-watch.ts';

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: 'ignore' });
using watch = new LoopWatch();
const [code] = await once(child, 'exit');
if (code !== 0) throw new Error(`${command} ended with ${code}`);
console.log(JSON.stringify(watch.blocks));
