import { WIRE_ERROR_CODES, type WireError } from '../protocol/error-codes.ts';
import type { Notification, NotificationParams } from '../protocol/methods.ts';
import type { RequestId } from './read-request.ts';
import type { RequestError } from './request-error.ts';

// The lines that a server writes. The id is JSON text already: it goes back exactly as it came.

export function answerLine(id: RequestId, result: unknown): string {
  return `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}\n`;
}

export function errorLine(id: RequestId, error: RequestError): string {
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(toWireError(error))}}\n`;
}

/** An error of the connection as a whole, which answers no request. */
export function refusalLine(error: RequestError): string {
  return errorLine('null', error);
}

/** Something that the server says unasked. */
export function notificationLine<N extends Notification>(method: N, params: NotificationParams<N>): string {
  return `${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`;
}

function toWireError({ code, message, hint, facts }: RequestError): WireError {
  return { code: WIRE_ERROR_CODES[code], message, data: { code, hint, facts } };
}
