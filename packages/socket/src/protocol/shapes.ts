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
  obstacle: z.enum(['running', 'not_started', 'not_registered', 'ended']).meta({
    description:
      'running: it has started; not_started: nobody has started it; not_registered: it is only a name; ended: it has completed, and only another run can help.',
  }),
  since: time.nullable(),
  outcome: outcome.nullable(),
  owner: z.string().nullable(),
  path: z
    .array(z.string())
    .meta({ description: 'From the unit asked about to the blocker; empty where none was asked about.' }),
  heldUp: z.array(z.string()).meta({ description: 'The units that wait for it, directly or not; at most 100.' }),
  heldUpTotal: z.number().int(),
  nearest: z.array(z.string()).meta({
    description:
      'Of a name that nobody registered: registered ones that look like it. Told for the first ten such names.',
  }),
  isHopeless: z.boolean().meta({ description: 'true: nothing that the agent knows of will ever release it.' }),
});
export type BlockerInfo = z.infer<typeof blocker>;

/** A lock that somebody holds or waits for. */
export const lockInfo = z.object({
  name: z.string(),
  limit: z.number().int(),
  holders: z.array(z.object({ label: z.string().nullable(), since: time })),
  waiting: z
    .array(z.object({ label: z.string().nullable(), since: time }))
    .meta({ description: 'In line, the next first.' }),
});
export type LockInfo = z.infer<typeof lockInfo>;
