import * as z from 'zod';
import { DURATION_PATTERN, parseDuration } from '../duration.ts';
import { MANIFEST_FIELDS, SCRIPT_FIELDS } from './script-fields.ts';

// The one schema of manifests. manifest.schema.json is generated from it; the messages for people are made in
// schema-problems.ts from the issues that it finds.

/** Names of the environment that the agent sets itself. */
const RESERVED_ENVIRONMENT = /^MUSTER_/;

const name = z.string().min(1, 'must not be empty');
const withoutNul = z.string().refine((text) => !text.includes('\0'), 'must not contain a NUL character');
const path = withoutNul.min(1, 'must not be empty');
const script = withoutNul.refine((text) => text.trim() !== '', 'must not be empty');
const names = z.union([name, z.array(name)]);
const trigger = z.enum(['start', 'stop']);

const duration = z.union([
  z.literal(0),
  z
    .string()
    .regex(DURATION_PATTERN, { error: 'must be a duration', abort: true })
    .refine((text) => parseDuration(text) !== null, 'is longer than 24 days'),
]);

const environment = z.record(
  z
    .string()
    .regex(/^[^=\0]+$/, 'is not a name for the environment')
    .refine((key) => !RESERVED_ENVIRONMENT.test(key), 'is set by the agent itself'),
  z.union([withoutNul, z.number(), z.boolean()]),
);

/** Adds to the JSON Schema what the tables of fields say about a key. */
function described<T extends z.ZodType>(type: T, help: { description: string }): z.ZodOptional<T> {
  return type.meta({ description: help.description }).optional();
}

/** One script. */
export const scriptSchema = z.strictObject({
  run: script.meta({ description: SCRIPT_FIELDS.run.description }),
  on: described(z.union([trigger, z.array(trigger).min(1, 'must not be empty')]), SCRIPT_FIELDS.on),
  cron: described(name, SCRIPT_FIELDS.cron),
  timezone: described(name, SCRIPT_FIELDS.timezone),
  timeout: described(duration, SCRIPT_FIELDS.timeout),
  needs: described(names, SCRIPT_FIELDS.needs),
  after: described(names, SCRIPT_FIELDS.after),
  log: described(path, SCRIPT_FIELDS.log),
  cwd: described(path, SCRIPT_FIELDS.cwd),
  env: described(environment, SCRIPT_FIELDS.env),
  shell: described(path, SCRIPT_FIELDS.shell),
  output: described(z.enum(['combined', 'split']), SCRIPT_FIELDS.output),
  address: described(name, SCRIPT_FIELDS.address),
  name: described(name, SCRIPT_FIELDS.name),
});

/** A whole manifest. */
export const manifestSchema = z.strictObject({
  version: z.literal(1).meta({ description: MANIFEST_FIELDS.version.description }),
  external: described(z.array(name), MANIFEST_FIELDS.external),
  shell: described(path, MANIFEST_FIELDS.shell),
  env: described(environment, MANIFEST_FIELDS.env),
  scripts: z.record(z.string(), scriptSchema).meta({ description: MANIFEST_FIELDS.scripts.description }),
});

/** A script as its author wrote it. */
export type ManifestScript = z.output<typeof scriptSchema>;
/** A manifest as its author wrote it. */
export type ManifestDocument = z.output<typeof manifestSchema>;
