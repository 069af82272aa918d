import * as z from 'zod';

/**
 * The one table of methods. The server validates by it, the client takes its types from it, and docs/protocol.md and the
 * OpenRPC document are checked against it.
 *
 * Requests are strict: an unknown field is an error that names it. Answers may gain fields; clients ignore those they
 * don't know.
 */

const unit = z.string().meta({ description: 'The name of a unit: 1 to 256 characters, no control characters.' });
const requirement = z.enum(['started', 'completed', 'succeeded']);
const status = z.enum(['pending', 'started', 'completed']);
const outcome = z.enum(['succeeded', 'failed', 'timed_out', 'skipped', 'canceled']);
const time = z.string().meta({ description: 'A time as in RFC 3339, in UTC, with milliseconds.' });

const cause = z
  .object({
    dependsOn: z.string(),
    requires: requirement,
    outcome,
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ description: 'A dependency that could no longer be met, and how its unit had ended.' });

/** A unit, as `sync.list` and `sync.status` show it. */
export const unitInfo = z.object({
  unit: z.string(),
  status: status.nullable().meta({ description: 'null: only named as a dependency, registered by nobody yet.' }),
  outcome: outcome.nullable().meta({ description: 'Of the latest completed run; null until there is one.' }),
  ready: z.boolean().meta({ description: 'Whether every dependency is satisfied.' }),
  run: z.number().int().meta({ description: 'Number of the latest run; 0 before the first.' }),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  reason: z.string().nullable().meta({ description: 'Words of whoever reported the latest completed run.' }),
  causes: z
    .array(cause)
    .meta({ description: 'Why it was skipped: nearest dependency first, root of the trouble last.' }),
  changedAt: time.nullable().meta({ description: 'When the status last changed.' }),
  waitingFor: z.array(z.string()).meta({ description: 'Of a pending unit: what is not satisfied yet, sorted.' }),
});
export type UnitInfo = z.infer<typeof unitInfo>;

export const dependencyInfo = z.object({
  dependsOn: z.string(),
  requires: requirement,
  status: status.nullable(),
  outcome: outcome.nullable(),
  satisfied: z.boolean(),
});
export type DependencyInfo = z.infer<typeof dependencyInfo>;

/** One change of one unit; `seq` counts them from 1 within one boot. */
const eventBase = { seq: z.number().int(), at: time, unit: z.string() };
export const eventInfo = z.discriminatedUnion('type', [
  z.object({ ...eventBase, type: z.literal('registered') }),
  z.object({
    ...eventBase,
    type: z.literal('dependency_set'),
    dependsOn: z.string(),
    requires: requirement,
    replaces: requirement.nullable(),
  }),
  z.object({ ...eventBase, type: z.literal('started'), run: z.number().int() }),
  z.object({
    ...eventBase,
    type: z.literal('completed'),
    run: z.number().int(),
    outcome,
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    reason: z.string().nullable(),
    because: z.object({ dependsOn: z.string(), requires: requirement }).nullable(),
  }),
]);
export type EventInfo = z.infer<typeof eventInfo>;

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
      dependsOn: z.array(unit).min(1),
      requires: requirement.default('completed'),
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
      reason: z.string().max(1000).optional(),
    }),
    result: z.object({
      unit: z.string(),
      run: z.number().int(),
      outcome,
      already: z.boolean().meta({ description: 'It was completed before this request, with this outcome.' }),
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
