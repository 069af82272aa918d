export {
  defaultSocketPath,
  MAX_SOCKET_PATH_BYTES,
  resolveSocketPath,
  type SocketPathEnv,
  type SocketPathSource,
} from '../path/socket-path.ts';
export type { StartFailure } from '../protocol/shapes.ts';
export type { AgentIdentity } from './agent-identity.ts';
export type { StartupOptions } from './coordination/startup.ts';
export { noOwners, type UnitOwnership } from './coordination/unit-ownership.ts';
export type { Limits } from './limits.ts';
export type { RunLog, RunLogs } from './run-logs.ts';
export { SOCKET_ERROR_CODES, SocketError, type SocketErrorCode, type SocketErrorFacts } from './socket-error.ts';
export type { SocketLogger } from './socket-logger.ts';
export { type ListenOptions, SyncServer } from './sync-server.ts';
