// @ts-check
// Prints so many bytes as lines of 80, in writes of 64 KiB; "one-line" leaves out the line feeds. Call: node print-lines.cjs BYTES [one-line]
const { writeSync } = require('node:fs');

const line = process.argv[3] === 'one-line' ? 'x'.repeat(80) : `${'x'.repeat(79)}\n`;
const chunk = Buffer.from(line.repeat(820)).subarray(0, 65_600);
for (let left = Number(process.argv[2]); left > 0; ) left -= writeSync(1, chunk, 0, Math.min(chunk.length, left));
