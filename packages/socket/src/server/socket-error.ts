/** Everything that keeps a server from listening. Closed: no other code is ever thrown. */
export const SOCKET_ERROR_CODES = [
  'path_invalid',
  'path_too_long',
  'directory_insecure',
  'directory_unwritable',
  'not_a_socket',
  'in_use',
  'listen_failed',
] as const;
export type SocketErrorCode = (typeof SOCKET_ERROR_CODES)[number];

/** The facts behind a {@link SocketError}; which are set depends on its code. */
export interface SocketErrorFacts {
  /** The socket that was asked for. */
  readonly path?: string;
  readonly directory?: string;
  /** `in_use`: the process that holds the lock, where it could be learned. */
  readonly ownerPid?: number;
  /** The system's word for what happened, for example `EACCES`. */
  readonly errno?: string;
}

/** The socket can't be had. Nothing of another owner was changed. */
export class SocketError extends Error {
  override readonly name = 'SocketError';
  readonly code: SocketErrorCode;
  /** What to do about it. */
  readonly hint: string;
  readonly facts: SocketErrorFacts;

  constructor(code: SocketErrorCode, text: { message: string; hint: string }, facts: SocketErrorFacts) {
    super(text.message);
    this.code = code;
    this.hint = text.hint;
    this.facts = facts;
  }
}
