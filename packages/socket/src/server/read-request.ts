import { RequestError } from './request-error.ts';

/** The id of a request as JSON text: a string, a number as it was written, or `null`. */
export type RequestId = string;

export interface Request {
  /** `null`: a notification, which gets no answer. */
  readonly id: RequestId | null;
  readonly method: string;
  readonly params: unknown;
  /** The version of the protocol that the client means; left out: whichever the server speaks. */
  readonly protocol?: string;
}

/** What one line asks for, or why it asks for nothing; then `id` is that of the request where it could be read. */
export type ReadRequest =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'malformed'; readonly id: RequestId; readonly error: RequestError };

/** Reads one frame as a JSON-RPC 2.0 request. */
export function readRequest(text: string): ReadRequest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's words quote the text, which may hold secrets, and lead nowhere.
    return { kind: 'malformed', id: 'null', error: RequestError.parseError() };
  }
  if (Array.isArray(value))
    return malformed('null', 'it is an array. Batches are not supported; send one object a line');
  if (typeof value !== 'object' || value === null) return malformed('null', 'it is not an object');
  return readObject(value as Record<string, unknown>, text); // Just checked.
}

function readObject(message: Record<string, unknown>, text: string): ReadRequest {
  const { jsonrpc, id, method, params, protocol } = message;
  const hasId = Object.hasOwn(message, 'id');
  if (hasId && id !== null && typeof id !== 'string' && typeof id !== 'number') {
    return malformed('null', '"id" is neither a string nor a number');
  }
  const idText = hasId ? textOfId(id, text) : null;
  if (jsonrpc !== '2.0') return malformed(idText ?? 'null', '"jsonrpc" is not "2.0"');
  if (typeof method !== 'string') return malformed(idText ?? 'null', '"method" is not a string');
  const request = { id: idText, method, params: params ?? {} };
  if (protocol === undefined) return { kind: 'request', request };
  if (typeof protocol !== 'string') return malformed(idText ?? 'null', '"protocol" is not a string such as "1.0"');
  return { kind: 'request', request: { ...request, protocol } };
}

function malformed(id: RequestId, problem: string): ReadRequest {
  return { kind: 'malformed', id, error: RequestError.invalidRequest(problem) };
}

/** JavaScript rounds large numbers, and the caller looks for exactly the id that it sent. */
function textOfId(id: unknown, text: string): RequestId {
  if (typeof id !== 'number' || Number.isSafeInteger(id)) return JSON.stringify(id);
  return sourceOfTopLevelId(text) ?? JSON.stringify(id);
}

/** With the third argument of a reviver, which the type library doesn't know yet. */
type SourceReviver = (
  this: unknown,
  ...reached: [key: string, value: unknown, context?: { source?: string }]
) => unknown;

function sourceOfTopLevelId(text: string): string | undefined {
  const sources = new Map<unknown, string | undefined>();
  let root: unknown;
  const reviver: SourceReviver = function (...[key, value, context]) {
    if (key === 'id') sources.set(this, context?.source);
    if (key === '') root = value;
    return value;
  };
  JSON.parse(text, reviver);
  return sources.get(root);
}
