/** Everything that goes wrong on this side of the socket. Closed: no other code is ever thrown. */
export const CLIENT_ERROR_CODES = [
  'path_invalid',
  'path_too_long',
  'agent_unreachable',
  'connection_lost',
  'protocol_violation',
  'canceled',
] as const;
export type ClientErrorCode = (typeof CLIENT_ERROR_CODES)[number];

/** The facts behind a {@link ClientError}; which are set depends on its code. */
export interface ClientErrorFacts {
  /** The socket that the client was to use. */
  readonly path?: string;
  /** The system's word for what happened, for example `ENOENT`. */
  readonly errno?: string;
}

/** A call that got no answer: the agent can't be reached, went away, or said something that is not the protocol. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;
  /** What to do about it. */
  readonly hint: string;
  readonly facts: ClientErrorFacts;

  constructor(code: ClientErrorCode, text: { message: string; hint: string }, facts: ClientErrorFacts = {}) {
    super(text.message);
    this.code = code;
    this.hint = text.hint;
    this.facts = facts;
  }
}
