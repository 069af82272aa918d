import { UnitError } from '@muster/unit';
import { type Method, methods } from '../protocol/methods.ts';
import { isCompatible, PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Call } from './call.ts';
import { checkParams } from './check-params.ts';
import type { Backend, Caller, Handler } from './handlers/handler.ts';
import { handlers } from './handlers/table.ts';
import type { Request } from './read-request.ts';
import { RequestError } from './request-error.ts';
import { refusalOfUnit } from './unit-refusal.ts';

/** From a request to the handler of its method, and from whatever that throws to an error of the protocol. */
export class Dispatcher {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** @throws whatever {@link toRequestError} understands, at once or as a rejection. */
  dispatch({ method, params, protocol }: Request, caller: Caller, call: Call): unknown {
    // Whoever asks for the version with ping gets it in any case.
    if (protocol !== undefined && method !== 'ping' && !isCompatible(PROTOCOL_VERSION, protocol))
      throw RequestError.unsupportedProtocol(protocol);
    if (!isMethod(method)) throw RequestError.unknownMethod(method);
    const handler = handlers[method] as Handler<Method>; // Each takes what checkParams gives for its own method.
    return handler(checkParams(method, params), { ...this.#backend, caller, call });
  }

  /** What a client is told of an error. A bug is logged here, and stays here. */
  toRequestError(error: unknown, method: string): RequestError {
    if (error instanceof RequestError) return error;
    if (error instanceof UnitError) return refusalOfUnit(error, this.#backend);
    this.#backend.logger.error({ err: error, method }, 'a request failed unexpectedly');
    return RequestError.internalError(method);
  }
}

function isMethod(name: string): name is Method {
  return Object.hasOwn(methods, name);
}
