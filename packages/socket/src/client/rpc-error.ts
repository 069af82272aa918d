import { WIRE_ERROR_CODES, type WireErrorCode, type WireErrorFacts } from '../protocol/error-codes.ts';

/** The agent's refusal of a request. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  /** The word of the error; one that this version doesn't know, from a newer agent, becomes `internal_error`. */
  readonly code: WireErrorCode;
  /** What to do about it, in the agent's words. */
  readonly hint: string | null;
  readonly facts: WireErrorFacts;

  constructor(code: WireErrorCode, message: string, more: { hint: string | null; facts: WireErrorFacts }) {
    super(message);
    this.code = code;
    this.hint = more.hint;
    this.facts = more.facts;
  }

  /** Reads the error object of an answer, and takes nothing in it for granted. */
  static fromWire(error: unknown): RpcError {
    const { message, data } = record(error);
    const { code, hint, facts } = record(data);
    return new RpcError(
      isWireErrorCode(code) ? code : 'internal_error',
      typeof message === 'string' ? message : 'no message',
      {
        hint: typeof hint === 'string' ? hint : null,
        facts: record(facts) as WireErrorFacts, // Their shapes are the agent's promise; the client carries no validator.
      },
    );
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}; // Just checked.
}

function isWireErrorCode(code: unknown): code is WireErrorCode {
  return typeof code === 'string' && Object.hasOwn(WIRE_ERROR_CODES, code);
}
