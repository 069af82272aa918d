import * as z from 'zod';
import { logs } from './logs.ts';
import {
  blocker,
  dependencyInfo,
  eventInfo,
  lockInfo,
  outcome,
  requirement,
  startFailure,
  status,
  time,
  unit,
  unitInfo,
  waitInfo,
} from './shapes.ts';

/**
 * The one table of methods. The server validates by it, the client takes its types from it, and docs/protocol.md and the
 * OpenRPC document are checked against it.
 *
 * Requests are strict: an unknown field is an error that names it. Answers may gain fields; clients ignore those they
 * don't know.
 */

/** Dependencies to declare in the same step. */
const declarations = {
  needs: z.array(unit).default([]).meta({ description: 'Units that must have succeeded.' }),
  after: z.array(unit).default([]).meta({ description: 'Units that must have completed, whatever their outcome.' }),
};

/** Who waits: for the answers of sync.why and sync.waits. */
const waiter = {
  label: z.string().max(200).optional().meta({ description: 'Who asks, in words, for those who look why.' }),
  within: z
    .strictObject({ unit, run: z.number().int().min(1), pid: z.number().int().min(2).optional() })
    .optional()
    .meta({
      description: 'The run whose work waits here: MUSTER_UNIT and MUSTER_RUN of the process that asks, and its pid.',
    }),
};

/** By what right a unit is reported that belongs to a script. */
const authority = {
  token: z.string().max(200).optional().meta({ description: 'MUSTER_TOKEN of the script run that owns the unit.' }),
  force: z.boolean().default(false).meta({ description: 'true: report a unit of somebody else; this is recorded.' }),
};

export const methods = {
  ping: {
    summary: 'Who answers: version, protocol, process, boot and state of the agent.',
    params: z.strictObject({}),
    result: z.object({
      version: z.string(),
      protocol: z.string(),
      pid: z.number().int(),
      boot: z
        .string()
        .meta({ description: 'Names one life of the agent; sequence numbers of events count within it.' }),
      state: z
        .string()
        .meta({ description: 'The state of the life cycle, for example starting, ready or start_error.' }),
      socket: z.string(),
      startedAt: time,
    }),
  },
  cancel: {
    summary: 'Give up a request of this connection that has not been answered: it is answered with the error canceled.',
    params: z.strictObject({ id: z.union([z.string(), z.number()]).meta({ description: 'The id of that request.' }) }),
    result: z.object({
      canceled: z
        .boolean()
        .meta({ description: 'false: no such request is waiting, it may have been answered already.' }),
    }),
  },
  'sync.want': {
    summary: 'Declare dependencies of a unit: all of them, or none if one is refused. Registers the unit if need be.',
    params: z.strictObject({
      unit,
      dependsOn: z.array(unit).default([]),
      requires: requirement.default('completed').meta({ description: 'What is asked of those in `dependsOn`.' }),
      ...declarations,
    }),
    result: z.object({ unit: z.string(), dependencies: z.array(dependencyInfo), ready: z.boolean() }),
  },
  'sync.start': {
    summary:
      'Begin a run of a unit, in the same step in which its dependencies are met. Registers the unit if need be. A started unit is left as it is.',
    params: z.strictObject({
      unit,
      wait: z.boolean().default(true).meta({ description: 'false: answer at once, with not_ready if it must wait.' }),
      timeoutMs: z
        .number()
        .int()
        .min(0)
        .default(0)
        .meta({ description: 'How long to wait, in milliseconds; 0 is for ever.' }),
      progress: z
        .boolean()
        .default(false)
        .meta({ description: 'true: sync.waiting notifications say what is awaited.' }),
      ...declarations,
      ...waiter,
      hold: z
        .boolean()
        .default(false)
        .meta({ description: 'true: the run fails when this connection ends before it is completed.' }),
      pid: z
        .number()
        .int()
        .min(2)
        .optional()
        .meta({ description: 'The run fails when this process ends before it is completed.' }),
      ...authority,
    }),
    result: z.object({
      unit: z.string(),
      run: z.number().int(),
      already: z.boolean().meta({ description: 'It was started before this request.' }),
      waitedFor: z.array(z.string()).meta({ description: 'Dependencies that were not met at first, sorted.' }),
      satisfied: z.array(z.string()).meta({ description: 'Dependencies that were met at first, sorted.' }),
      waitedMs: z.number().int(),
    }),
  },
  'sync.complete': {
    summary:
      'Report the end of a run. Registers a unit that is only named as a dependency. A completed unit is left as it is.',
    params: z.strictObject({
      unit,
      outcome: outcome.default('succeeded'),
      exitCode: z.number().int().min(0).max(255).optional(),
      signal: z.string().max(32).optional(),
      reason: z.string().max(1000).optional(),
      ...authority,
    }),
    result: z.object({
      unit: z.string(),
      run: z.number().int(),
      outcome,
      already: z.boolean().meta({ description: 'It was completed before this request, with this outcome.' }),
      stopping: z.boolean().meta({
        description:
          'The run is being stopped: the unit completes with this outcome when it has ended, and nothing was recorded.',
      }),
    }),
  },
  'sync.ready': {
    summary: 'Whether a unit may start, and what it waits for.',
    params: z.strictObject({ unit }),
    result: z.object({
      unit: z.string(),
      ready: z.boolean(),
      readiness: z.enum(['runnable', 'waiting', 'impossible']),
      unmet: z.array(dependencyInfo),
    }),
  },
  'sync.status': {
    summary: 'One unit with its dependencies.',
    params: z.strictObject({ unit }),
    result: unitInfo.extend({ dependencies: z.array(dependencyInfo) }),
  },
  'sync.list': {
    summary: 'All units, sorted by name.',
    params: z.strictObject({}),
    result: z.object({ units: z.array(unitInfo) }),
  },
  'sync.wait': {
    summary: 'Wait until units have come as far as asked, without starting anything.',
    params: z.strictObject({
      units: z.array(unit).default([]),
      for: z
        .enum(['started', 'completed', 'succeeded'])
        .default('completed')
        .meta({ description: 'How far: as for a dependency that requires it.' }),
      any: z.boolean().default(false).meta({ description: 'true: one of the units is enough.' }),
      late: z
        .boolean()
        .default(false)
        .meta({ description: 'true: names that nobody has mentioned yet are waited for, not refused.' }),
      startup: z
        .boolean()
        .default(false)
        .meta({ description: 'true: wait as well until everything that the start triggers has ended.' }),
      timeoutMs: z.number().int().min(0).default(0),
      ...waiter,
    }),
    result: z.object({
      units: z.array(
        z.object({ unit: z.string(), status: status.nullable(), outcome: outcome.nullable(), met: z.boolean() }),
      ),
      state: z.string().meta({ description: 'The state of the life cycle, as in ping.' }),
      failed: z.array(startFailure).meta({
        description: 'With `startup`: what went wrong with the start, by now; empty otherwise.',
      }),
      waitedMs: z.number().int(),
    }),
  },
  'sync.why': {
    summary: 'What holds up a unit in the end, or everything that holds up others.',
    params: z.strictObject({ unit: unit.optional() }),
    result: z.object({
      unit: unitInfo.nullable().meta({ description: 'The unit that was asked about; null where none was.' }),
      blockers: z.array(blocker).meta({
        description: 'Of the unit: nearest first. Without a unit: of everything, the one that holds up most first.',
      }),
      waits: z.array(waitInfo).meta({
        description:
          'Of the unit: who waits for it, or waits in its work or that of a unit on a path. Without a unit: all.',
      }),
      waitsTotal: z.number().int().meta({ description: 'How many there are; `waits` has the first 100.' }),
      locks: z.array(lockInfo),
    }),
  },
  'sync.waits': {
    summary: 'Everybody who waits for an answer, who has waited longest first.',
    params: z.strictObject({}),
    result: z.object({ waits: z.array(waitInfo), waitsTotal: z.number().int() }),
  },
  'sync.lock': {
    summary:
      'Take a lock of the workspace, waiting in line for it; it is released with sync.unlock or when this connection ends.',
    params: z.strictObject({
      name: unit,
      limit: z.number().int().min(1).max(10_000).default(1).meta({ description: 'How many may hold it at once.' }),
      timeoutMs: z.number().int().min(0).default(0),
      ...waiter,
    }),
    result: z.object({
      name: z.string(),
      holders: z.number().int(),
      limit: z.number().int(),
      waitedMs: z.number().int(),
    }),
  },
  'sync.unlock': {
    summary: 'Release a lock that this connection holds.',
    params: z.strictObject({ name: unit }),
    result: z.object({ name: z.string(), released: z.boolean() }),
  },
  'sync.logs': logs,
  'sync.watch': {
    summary: 'Every change from a sequence number on, as sync.event notifications, until the connection ends.',
    params: z.strictObject({
      since: z
        .number()
        .int()
        .min(0)
        .optional()
        .meta({ description: 'Send what came after this event; left out: only what comes from now on.' }),
    }),
    result: z.object({
      boot: z.string(),
      seq: z.number().int().meta({ description: 'The latest event at the time of the answer.' }),
      snapshot: z.array(unitInfo).nullable().meta({
        description: 'Set where `since` is older than the events that are kept: all units as of `seq`, to go on from.',
      }),
    }),
  },
} as const satisfies Record<string, MethodSchema>;

interface MethodSchema {
  readonly summary: string;
  readonly params: z.ZodType;
  readonly result: z.ZodType;
}

/** What the server sends without being asked, on connections that asked for it. */
export const notifications = {
  'sync.event': { summary: 'One change of one unit.', params: eventInfo },
  'sync.lagged': {
    summary: 'This reader was too slow: the events up to `seq` were left out; `units` is the state as of `seq`.',
    params: z.object({ seq: z.number().int(), units: z.array(unitInfo) }),
  },
  'sync.waiting': {
    summary:
      'What a sync.start with `progress` waits for; sent at first, and when it has changed, ten times a second at the most.',
    params: z.object({
      unit: z.string(),
      unmet: z.array(dependencyInfo).meta({ description: 'Sorted by name; the first 100.' }),
      unmetTotal: z.number().int().meta({ description: 'How many there are.' }),
    }),
  },
} as const;

/** The type of the table: for those who map over it. */
export type Methods = typeof methods;
/** The name of a method. */
export type Method = keyof Methods;
/** A request as a caller writes it: fields with defaults may be left out. */
export type Params<M extends Method> = z.input<Methods[M]['params']>;
/** The answer of a method, with every field. */
export type Result<M extends Method> = z.output<Methods[M]['result']>;
/** The type of the table of notifications. */
export type Notifications = typeof notifications;
/** The name of something that the server sends unasked. */
export type Notification = keyof Notifications;
/** What a notification carries. */
export type NotificationParams<N extends Notification> = z.output<Notifications[N]['params']>;
