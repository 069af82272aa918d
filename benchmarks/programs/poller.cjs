// @ts-check
// Asks once a second whether a unit is ready, and ends when it is. Call: node poller.cjs SOCKET UNIT
const { connect } = require('node:net');

const [, , path = '', unit = ''] = process.argv;
const socket = connect(path, ask);
socket.on('data', (bytes) => {
  if (JSON.parse(bytes.toString()).result.ready) socket.end();
  else setTimeout(ask, 1000);
});

function ask() {
  socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'sync.ready', params: { unit } })}\n`, () => {
    process.stderr.write('waiting\n');
  });
}
