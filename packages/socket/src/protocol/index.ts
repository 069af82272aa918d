export { WIRE_ERROR_CODES, type WireError, type WireErrorCode, type WireErrorFacts } from './error-codes.ts';
export {
  type Method,
  type Methods,
  methods,
  type Notification,
  type NotificationParams,
  type Notifications,
  notifications,
  type Params,
  type Result,
} from './methods.ts';
export {
  type BlockerInfo,
  type DependencyInfo,
  dependencyInfo,
  type EventInfo,
  eventInfo,
  type LockInfo,
  type UnitInfo,
  unitInfo,
  type WaitInfo,
} from './shapes.ts';
export { PROTOCOL_VERSION } from './version.ts';
