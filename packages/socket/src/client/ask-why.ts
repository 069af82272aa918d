import { connect } from 'node:net';
import { RpcError } from './rpc-error.ts';

/** How long an agent may take to say it, in milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * Why an agent hangs up on those who come, in its own words; `null` where it says nothing. Opens a connection that asks for
 * nothing. A client that is turned away before it has written finds out only that it can't write: with that, Node throws away
 * what it could have read.
 */
export function askWhy(path: string): Promise<RpcError | null> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(path, () => socket.end());
    socket.setEncoding('utf8');
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('data', (text: string) => {
      heard += text;
    });
    socket.on('error', () => {
      // Then it says nothing.
    });
    socket.once('close', () => resolve(readFarewell(heard)));
  });
}

function readFarewell(line: string): RpcError | null {
  try {
    const { error } = JSON.parse(line) as { error?: unknown }; // Whatever it is, RpcError reads it carefully.
    return error === undefined ? null : RpcError.fromWire(error);
  } catch {
    // Nothing, or not our protocol.
    return null;
  }
}
