// @ts-check
// One request, one answer, and the end: the least that a command written in Node can do. With "wait" it says on stderr that it waits.
// Call: node bare-client.cjs SOCKET METHOD
const { connect } = require('node:net');

const [, , path = '', method = ''] = process.argv;
const socket = connect(path, () => {
  socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: {} })}\n`);
  if (method === 'wait') process.stderr.write('waiting\n');
});
socket.once('data', (bytes) => {
  process.stdout.write(`${JSON.parse(bytes.toString()).id}\n`);
  socket.end();
});
