import { ClientError, isCompatible, PROTOCOL_VERSION, RpcError } from '@muster/socket/client';
import { Agent } from './agent.ts';
import { CliError } from './errors.ts';
import type { Io } from './io.ts';

/** How long the agent may take to say its version, in milliseconds. */
const HANDSHAKE_MS = 1_000;

/** What an agent of another protocol would say to a request, or a command to its answer. */
const SUSPICIOUS = new Set([
  'unknown_method',
  'invalid_params',
  'invalid_request',
  'parse_error',
  'protocol_violation',
  'unsupported_protocol',
  // Also a word that this version doesn't know.
  'internal_error',
]);

/**
 * Looks for another protocol behind an error that it would explain, so that a command that goes well needs no round trip
 * for it.
 *
 * @returns CliError `version_mismatch`, or the error that it was given.
 */
export async function explainByVersion(
  thrown: unknown,
  from: { socket: string | undefined; io: Io },
): Promise<unknown> {
  if (!isSuspicious(thrown)) return thrown;
  const options = { socket: from.socket, timeout: undefined, 'connect-timeout': undefined };
  let explained = thrown as unknown;
  try {
    await Agent.use({ options, io: from.io, defaultMs: HANDSHAKE_MS }, async (agent) => {
      const answer = await agent.call('ping', {});
      const isOther = typeof answer.protocol === 'string' && !isCompatible(PROTOCOL_VERSION, answer.protocol);
      if (isOther) explained = CliError.versionMismatch(PROTOCOL_VERSION, answer);
    });
  } catch {
    // What does not even answer to a ping has not said its version; the first error tells more.
  }
  return explained;
}

/** An error of no class of ours comes from code that took an answer for what the protocol promises. */
function isSuspicious(thrown: unknown): boolean {
  if (thrown instanceof RpcError || thrown instanceof ClientError) return SUSPICIOUS.has(thrown.code);
  return !(thrown instanceof CliError);
}
