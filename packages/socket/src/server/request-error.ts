import { quote } from '@muster/unit';
import type { WireErrorCode, WireErrorFacts } from '../protocol/error-codes.ts';
import { methods } from '../protocol/methods.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { nearestNames } from './nearest-names.ts';

interface Advice {
  readonly hint?: string;
  readonly facts?: WireErrorFacts;
}

/**
 * The refusal of a request, as it goes over the wire. What the server itself refuses is put into words here; what the
 * unit manager refuses comes from `unit-refusal.ts`.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: WireErrorCode;
  readonly hint: string | null;
  readonly facts: WireErrorFacts;

  constructor(code: WireErrorCode, message: string, { hint, facts }: Advice = {}) {
    super(message);
    this.code = code;
    this.hint = hint ?? null;
    this.facts = facts ?? {};
  }

  static parseError(): RequestError {
    return new RequestError('parse_error', 'the line is not JSON.', { hint: 'Send one whole JSON object a line.' });
  }

  static invalidRequest(problem: string): RequestError {
    const hint = 'Send for example {"jsonrpc":"2.0","id":1,"method":"ping"}.';
    return new RequestError('invalid_request', `the line is not a JSON-RPC 2.0 request: ${problem}.`, { hint });
  }

  static unknownMethod(method: string): RequestError {
    const nearest = nearestNames(method, Object.keys(methods));
    const known = nearest.length > 0 ? didYouMean(nearest) : `The methods are ${Object.keys(methods).join(', ')}.`;
    return new RequestError('unknown_method', `there is no method ${quote(cut(method))}.`, {
      hint: `${known} An older agent knows fewer: ping tells its protocol version.`,
      facts: { nearest },
    });
  }

  /** @param protocol The client's version. */
  static unsupportedProtocol(protocol: string): RequestError {
    const message = `the request is of protocol ${quote(cut(protocol))}, and this agent speaks ${PROTOCOL_VERSION}: it did nothing.`;
    return new RequestError('unsupported_protocol', message, {
      hint: 'Use the command that came with the agent, or start the agent again after the update.',
      facts: { protocol: PROTOCOL_VERSION },
    });
  }

  static invalidParams(method: string, problem: { message: string; field: string }): RequestError {
    return new RequestError('invalid_params', `${method}: ${problem.message}.`, {
      hint: 'docs/protocol.md and openrpc.json list the fields of every method.',
      facts: { field: problem.field },
    });
  }

  static internalError(method: string): RequestError {
    return new RequestError('internal_error', `the agent failed to answer ${method}; this is a bug in the agent.`, {
      hint: 'The log of the agent tells more.',
    });
  }

  static frameTooLarge(limit: number): RequestError {
    return new RequestError('frame_too_large', `a request has more than ${limit} bytes.`, {
      hint: 'The connection is closed. Split what you send into several requests.',
      facts: { limit },
    });
  }

  static frameTimedOut(limit: number): RequestError {
    return new RequestError('frame_timed_out', `a request was not whole ${limit} ms after its first byte.`, {
      hint: 'The connection is closed. End every request with a newline.',
      facts: { limit },
    });
  }

  static tooManyRequests(limit: number): RequestError {
    return new RequestError('too_many_requests', `${limit} requests of this connection wait for their answers.`, {
      hint: 'Wait for some of them, or open another connection.',
      facts: { limit },
    });
  }

  static tooManyConnections(limit: number): RequestError {
    return new RequestError('too_many_connections', `the agent has ${limit} connections, and takes no more.`, {
      hint: 'Try again when others have ended, or raise the limit of open files (ulimit -n) of the agent.',
      facts: { limit },
    });
  }

  static shuttingDown(): RequestError {
    return new RequestError('shutting_down', 'the agent is stopping.', { hint: 'Try again when it runs again.' });
  }

  static notOwner(unit: string): RequestError {
    const message = `unit ${quote(unit)} belongs to a script, and only a run of that script may report it.`;
    return new RequestError('not_owner', message, {
      hint: 'Report it from inside that script.',
      facts: { unit },
    });
  }

  static noSuchProcess(pid: number): RequestError {
    return new RequestError('invalid_params', `sync.start: there is no process ${pid}.`, {
      hint: 'Name a process that lives as long as the work goes on; $$ is that of a shell script.',
      facts: { field: 'pid' },
    });
  }

  static processEnded(pid: number): RequestError {
    return new RequestError('canceled', `process ${pid}, for which the request waited, has ended.`, {
      hint: 'Nothing was started by it.',
    });
  }

  static canceled(): RequestError {
    return new RequestError('canceled', 'the request was given up.', { hint: 'Nothing was changed by it.' });
  }
}

/** A question for people, from names that were sorted best first. */
export function didYouMean(nearest: readonly string[]): string {
  return `Did you mean ${nearest.map((name) => quote(name)).join(' or ')}?`;
}

/** Text of a client in a message: only so much of it. */
function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
