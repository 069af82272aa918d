import type { DependencyInfo, UnitInfo } from './shapes.ts';

/**
 * Every error of the protocol: the word that travels as `data.code`, and the number that JSON-RPC asks for as `code`.
 * Closed: a server of this protocol version sends no other word. The numbers from -32700 to -32603 are those of the
 * JSON-RPC 2.0 specification, section 5.1; those from -32000 to -32099 are left to servers by it.
 */
export const WIRE_ERROR_CODES = {
  parse_error: -32700,
  invalid_request: -32600,
  unknown_method: -32601,
  invalid_params: -32602,
  internal_error: -32603,
  invalid_unit_id: -32001,
  unknown_unit: -32002,
  cycle: -32003,
  not_ready: -32004,
  impossible: -32005,
  timed_out: -32006,
  already_registered: -32007,
  already_started: -32008,
  already_completed: -32009,
  canceled: -32010,
  not_owner: -32011,
  unsupported_protocol: -32012,
  not_started: -32013,
  no_log: -32014,
  frame_too_large: -32020,
  frame_timed_out: -32021,
  too_many_requests: -32022,
  too_many_connections: -32023,
  shutting_down: -32024,
} as const satisfies Record<string, number>;

export type WireErrorCode = keyof typeof WIRE_ERROR_CODES;

/** The facts of an error, for programs. Which are set depends on its code; more may join. */
export interface WireErrorFacts {
  /** The unit that the request named. */
  readonly unit?: string;
  /** `no_log`: the run that the request named. */
  readonly run?: number;
  /** `not_ready`, `timed_out`, `impossible`: what is not satisfied, sorted by name; at most 100. */
  readonly unmet?: readonly DependencyInfo[];
  /** How many there are, where `unmet` shows only the first. */
  readonly unmetTotal?: number;
  /** `cycle`: the whole circle, first and last the same. */
  readonly path?: readonly string[];
  /** `impossible`: nearest dependency first, root of the trouble last. */
  readonly causes?: UnitInfo['causes'];
  /** `unknown_unit` and `unknown_method`: known names that look like the one given, best first. */
  readonly nearest?: readonly string[];
  /** `invalid_params`: the field that was wrong, as `dependsOn[2]`. */
  readonly field?: string;
  /** `unsupported_protocol`: the version that the agent speaks. */
  readonly protocol?: string;
  /** `timed_out`: how long the request waited, in milliseconds. */
  readonly waitedMs?: number;
  /** The limit that was reached: bytes, milliseconds, requests or connections, as the code says. */
  readonly limit?: number;
}

/** The error object of a JSON-RPC answer, as this protocol fills it. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data: {
    readonly code: WireErrorCode;
    /** What to do about it; `null` where the message says all there is. */
    readonly hint: string | null;
    readonly facts: WireErrorFacts;
  };
}
