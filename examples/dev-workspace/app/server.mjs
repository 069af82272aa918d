// Serves the built page on a free port of the loopback interface, and writes its address to the file named on the
// command line once it listens.
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import ms from 'ms';

const page = await readFile(path.join(import.meta.dirname, 'built/page.html'));
const answers = {
  '/': () => page,
  '/health': () => 'ok\n',
  '/uptime': () => `up for ${ms(Math.round(process.uptime() * 1000))}\n`,
};

const server = createServer((request, response) => {
  const answer = answers[request.url];
  response.statusCode = answer ? 200 : 404;
  response.end(answer ? answer() : 'not found\n');
});

server.listen(0, '127.0.0.1', () => {
  writeFileSync(process.argv[2], `http://127.0.0.1:${server.address().port}\n`);
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
