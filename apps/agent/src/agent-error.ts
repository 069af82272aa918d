import { EXIT, type ExitCode } from './exit-codes.ts';

/** Everything that an {@link AgentError} can say. Closed: no other code is ever thrown. */
export const AGENT_ERROR_CODES = [
  'usage',
  'state_directory_insecure',
  'state_directory_unusable',
  'unsupported_platform',
] as const;
export type AgentErrorCode = (typeof AGENT_ERROR_CODES)[number];

/** Why the agent can't do what it was asked for, with what to do about it. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;
  readonly hint: string;

  constructor(code: AgentErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }

  /** The exit code that tells the same to a shell. */
  get exitCode(): ExitCode {
    switch (this.code) {
      case 'usage':
      case 'unsupported_platform':
        return EXIT.usage;
      case 'state_directory_insecure':
      case 'state_directory_unusable':
        return EXIT.cantCreate;
      default:
        return this.code satisfies never;
    }
  }
}
