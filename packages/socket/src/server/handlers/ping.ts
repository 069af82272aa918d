import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { Handler } from './handler.ts';

/** Says who answers. */
export const ping: Handler<'ping'> = (_params, { identity, state, socket }) => ({
  version: identity.version,
  protocol: PROTOCOL_VERSION,
  pid: process.pid,
  boot: identity.boot,
  state: state(),
  socket,
  startedAt: new Date(identity.startedAt).toISOString(),
});
