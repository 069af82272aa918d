// @ts-check
// Runs a script whose output goes to a file, and counts the lines in it meanwhile: what Node needs at the least for every line, with no
// string made of any. Prints how many milliseconds it took, as JSON. Call: node bare-tail.cjs FILE SCRIPT_TEXT
const { spawn } = require('node:child_process');
const { openSync, readSync } = require('node:fs');

const [, , path = '', script = ''] = process.argv;
const LF = 0x0a;
const log = openSync(path, 'a+');
const chunk = Buffer.alloc(65_536);
const begun = performance.now();
const child = spawn('sh', ['-c', script], { stdio: ['ignore', log, 'inherit'] });
let position = 0;
let lines = 0;

function read() {
  const hasEnded = child.exitCode !== null;
  for (let turn = 0; turn < 8; turn += 1) {
    const length = readSync(log, chunk, 0, chunk.length, position);
    if (length === 0) {
      if (hasEnded) console.log(JSON.stringify({ ms: performance.now() - begun, lines }));
      else setTimeout(read, 10);
      return;
    }
    position += length;
    for (let at = chunk.indexOf(LF); at !== -1 && at < length; at = chunk.indexOf(LF, at + 1)) lines += 1;
  }
  setImmediate(read);
}

child.on('spawn', read);
