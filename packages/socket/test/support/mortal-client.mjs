// A client that kills itself (SIGKILL, no handler runs) once it has sent so many bytes of its requests, and, when it
// sends one at a time, has read the answers before. Arguments: the socket, the bytes, `together` or `one-by-one`, then the
// lines. With more bytes than there are it says `done` and lives on.
import { connect } from 'node:net';

const [path, bytes, manner, ...lines] = process.argv.slice(2);
let left = Number(bytes);
const texts = lines.map((line) => `${line}\n`);
const parts = (manner === 'together' ? [texts.join('')] : texts).map((text) => Buffer.from(text));
const socket = connect(path);

for (const part of parts) {
  await new Promise((resolve) => socket.write(part.subarray(0, left), resolve));
  left -= part.length;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
  if (manner !== 'together') await new Promise((resolve) => socket.once('data', resolve));
}
process.stdout.write('done\n');
socket.resume();
