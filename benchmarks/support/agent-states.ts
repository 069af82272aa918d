import type { SyncClient } from '@muster/socket/client';

/** How often to ask, in milliseconds. */
const PAUSE_MS = 20;

/** Follows the life of an agent from outside. */
export class AgentStates {
  readonly #client: SyncClient;

  constructor(client: SyncClient) {
    this.#client = client;
  }

  /** Resolves when the agent says that it is in this state. */
  async reached(state: string): Promise<void> {
    for (;;) {
      const answer = await this.#client.call('ping', {});
      if (answer.state === state) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
