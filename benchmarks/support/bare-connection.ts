import { connect, type Socket } from 'node:net';

/** A connection that costs as little as Node allows: lines go out and come in, nobody looks into them. */
export class BareConnection {
  readonly #socket: Socket;
  #rest = '';
  #answered: ((line: string) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#receive(text));
  }

  /** Opens a connection; tries again while the queue of the socket is full. */
  static async open(path: string): Promise<BareConnection> {
    for (;;) {
      const socket = await attempt(path);
      if (socket !== null) return new BareConnection(socket);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Sends a line; resolves with the next one that comes. One at a time. */
  call(line: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#answered = resolve;
    this.#socket.write(line);
    return promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(text: string): void {
    this.#rest += text;
    const end = this.#rest.indexOf('\n');
    if (end === -1) return;
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    this.#answered?.(line);
  }
}

/**
 * Resolves when so many requests wait in the bare server. To have sent them is not enough: it may take one that came later from
 * another connection first, and would wake nobody, so that the others waited for ever.
 */
export async function untilWaiting(connection: BareConnection, count: number): Promise<void> {
  for (;;) {
    const answer = await connection.call('{"jsonrpc":"2.0","id":3,"method":"waiting","params":{}}\n');
    if (JSON.parse(answer).result >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function attempt(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EAGAIN' ? resolve(null) : reject(error)));
  });
}
