export { WIRE_ERROR_CODES, type WireError, type WireErrorCode, type WireErrorFacts } from './error-codes.ts';
export {
  type DependencyInfo,
  dependencyInfo,
  type EventInfo,
  eventInfo,
  type Method,
  type Methods,
  methods,
  type Notification,
  type NotificationParams,
  type Notifications,
  notifications,
  type Params,
  type Result,
  type UnitInfo,
  unitInfo,
} from './methods.ts';
export { PROTOCOL_VERSION } from './version.ts';
