// @ts-check
// Node's own server with JSON in lines. Call: node bare-server.cjs SOCKET
// {"id":1,"method":"ping"} is answered at once; "wait" when somebody sends "wake"; "waiting" with how many wait.
const { createServer } = require('node:net');

/** @type {{ socket: import('node:net').Socket, id: number }[]} */
let waiting = [];

/** @param {import('node:net').Socket} socket @param {string} line */
function answer(socket, line) {
  const { id, method } = JSON.parse(line);
  if (method === 'wait') {
    waiting.push({ socket, id });
    return;
  }
  if (method === 'wake') {
    for (const waiter of waiting) waiter.socket.write(`${JSON.stringify({ id: waiter.id, result: 'go' })}\n`);
    waiting = [];
  }
  const result = method === 'waiting' ? waiting.length : {};
  socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
}

createServer((socket) => {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('error', () => undefined); // Clients here end without saying goodbye.
  socket.on('data', (/** @type {string} */ text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) answer(socket, line);
  });
}).listen({ path: process.argv[2], backlog: 20000 });
