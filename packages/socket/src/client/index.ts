export {
  defaultSocketPath,
  MAX_SOCKET_PATH_BYTES,
  resolveSocketPath,
  type SocketPathEnv,
  type SocketPathSource,
} from '../path/socket-path.ts';
export { isCompatible, PROTOCOL_VERSION } from '../protocol/version.ts';
export { CLIENT_ERROR_CODES, ClientError, type ClientErrorCode, type ClientErrorFacts } from './client-error.ts';
export { RpcError } from './rpc-error.ts';
export { type CallOptions, type ConnectOptions, SyncClient } from './sync-client.ts';
