import * as z from 'zod';

// What several methods have in common: units, dependencies, events.

export const unit = z.string().meta({ description: 'The name of a unit: 1 to 256 characters, no control characters.' });
export const requirement = z.enum(['started', 'completed', 'succeeded']);
export const status = z.enum(['pending', 'started', 'completed']);
export const outcome = z.enum(['succeeded', 'failed', 'timed_out', 'skipped', 'canceled']);
export const time = z.string().meta({ description: 'A time as in RFC 3339, in UTC, with milliseconds.' });

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

/** Somebody who waits for an answer, as `sync.why` and `sync.waits` show it. */
export const waitInfo = z.object({
  kind: z.enum(['start', 'run', 'wait', 'lock']).meta({
    description:
      'start: to start the unit in `awaits`; run: for the end of that unit, which it holds; wait: for the units in `awaits`, or the start; lock: for `lock`.',
  }),
  label: z.string().nullable().meta({ description: 'Who waits, in words of its own; null where it said nothing.' }),
  unit: z
    .string()
    .nullable()
    .meta({ description: 'The unit whose run waits here with its work; null: the wait belongs to none.' }),
  since: time,
  until: time.nullable().meta({ description: 'When it gives up; null: never.' }),
  awaits: z.array(z.string()).meta({ description: 'The units that are still awaited; the first 100.' }),
  awaitsTotal: z.number().int(),
  for: requirement.nullable().meta({ description: 'Of a wait for units: how far they have to come.' }),
  any: z.boolean().meta({ description: 'true: one of `awaits` is enough.' }),
  startup: z.boolean().meta({ description: 'true: everything that the start triggers is awaited.' }),
  lock: z.string().nullable(),
});
export type WaitInfo = z.infer<typeof waitInfo>;

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
  forced: z.boolean().meta({ description: 'It was completed by someone who does not own it.' }),
  owner: z.string().nullable().meta({ description: 'Who reports the latest run, in words; null where nobody said.' }),
  note: z.string().nullable().meta({ description: 'Worth knowing about the latest run, as a failure after its end.' }),
  waitingFor: z.array(z.string()).meta({ description: 'Of a pending unit: what is not satisfied yet, sorted.' }),
  waits: z.array(waitInfo).meta({ description: 'Of a started unit: what its own work waits for, oldest first.' }),
  expectedMs: z.number().int().nullable().meta({
    description:
      'How long a run of it takes as a rule, judged by earlier ones that succeeded; null where there are none.',
  }),
});
export type UnitInfo = z.infer<typeof unitInfo>;

/** A unit that kept the start from going well, and how its run went wrong. */
export const startFailure = z.object({
  unit: z.string(),
  outcome,
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  reason: z.string().nullable(),
});
export type StartFailure = z.infer<typeof startFailure>;

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
  z.object({ ...eventBase, type: z.literal('started'), run: z.number().int(), owner: z.string().nullable() }),
  z.object({ ...eventBase, type: z.literal('noted'), run: z.number().int(), note: z.string() }),
  z.object({
    ...eventBase,
    type: z.literal('completed'),
    run: z.number().int(),
    outcome,
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    reason: z.string().nullable(),
    forced: z.boolean(),
    because: z.object({ dependsOn: z.string(), requires: requirement }).nullable(),
  }),
]);
export type EventInfo = z.infer<typeof eventInfo>;

/** What stands at the end of a chain of waiting. */
export const blocker = z.object({
  unit: z.string(),
  obstacle: z.enum(['running', 'not_started', 'not_registered', 'ended', 'circle']).meta({
    description:
      'running: it has started; not_started: nobody has started it; not_registered: it is only a name; ended: it has completed, and only another run can help; circle: it waits for itself.',
  }),
  since: time.nullable(),
  outcome: outcome.nullable(),
  owner: z.string().nullable(),
  expectedMs: z.number().int().nullable().meta({ description: 'As of the unit.' }),
  circle: z.array(z.string()).meta({
    description: 'Of a circle: all of it, first and last the same. Only the end of one of the waits in it can help.',
  }),
  path: z
    .array(z.string())
    .meta({ description: 'From the unit asked about to the blocker; empty where none was asked about.' }),
  heldUp: z.array(z.string()).meta({ description: 'The units that wait for it, directly or not; at most 100.' }),
  heldUpTotal: z.number().int(),
  nearest: z.array(z.string()).meta({
    description:
      'Of a name that nobody registered: registered ones that look like it. Told for the first ten such names.',
  }),
  willRun: z.boolean().meta({ description: 'true: its script will still run, when it is due or has its turn.' }),
  isOwned: z.boolean().meta({ description: 'true: a script of the agent reports it, and nobody else.' }),
  isHopeless: z.boolean().meta({ description: 'true: nothing that the agent knows of will ever release it.' }),
});
export type BlockerInfo = z.infer<typeof blocker>;

const lockClaim = z.object({
  label: z.string().nullable(),
  unit: z.string().nullable().meta({ description: 'The unit whose run claims it with its work; null: none.' }),
  since: time,
});

/** A lock that somebody holds or waits for. */
export const lockInfo = z.object({
  name: z.string(),
  limit: z.number().int(),
  holders: z.array(lockClaim),
  waiting: z.array(lockClaim).meta({ description: 'In line, the next first.' }),
});
export type LockInfo = z.infer<typeof lockInfo>;
