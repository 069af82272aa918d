import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Something on a socket that does with each request whatever a test wants. */
export class FakeAgent implements AsyncDisposable {
  readonly socket: string;
  readonly #directory: string;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();

  private constructor(directory: string, server: Server) {
    this.#directory = directory;
    this.#server = server;
    this.socket = join(directory, 'agent.sock');
  }

  /** @param respond Called with each chunk that a client sends. */
  static async listen(respond: (connection: Socket, request: string) => void): Promise<FakeAgent> {
    const directory = await mkdtemp(join(tmpdir(), 'muster-fake-'));
    const agent = new FakeAgent(directory, createServer());
    agent.#server.on('connection', (connection) => {
      agent.#connections.add(connection);
      connection.on('error', () => {}); // The client may go whenever it likes.
      connection.on('data', (chunk) => respond(connection, chunk.toString()));
    });
    agent.#server.listen(agent.socket);
    await once(agent.#server, 'listening');
    return agent;
  }

  /** Refuses every request with the same error. */
  static refusing(error: object): Promise<FakeAgent> {
    return FakeAgent.answering({ error });
  }

  /** Gives every request the same answer. */
  static answering(answer: object): Promise<FakeAgent> {
    return FakeAgent.listen((connection, request) => {
      const { id } = JSON.parse(request) as { id: number };
      connection.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    this.#server.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
