/** Who the server says it is. */
export interface AgentIdentity {
  /** Of the agent, as people know it. */
  readonly version: string;
  /** Names one life of the agent. */
  readonly boot: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}
