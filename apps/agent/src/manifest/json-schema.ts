import * as z from 'zod';
import { manifestSchema } from './schema.ts';

/** The JSON Schema of manifests, for editors, as text that ends with a line break. */
export function manifestJsonSchema(): string {
  const schema = z.toJSONSchema(manifestSchema, {
    io: 'input',
    override({ jsonSchema }) {
      // Where unknown keys are errors, keys of the author's own are allowed all the same.
      if (jsonSchema.additionalProperties === false) jsonSchema.patternProperties = { '^x-': {} };
    },
  });
  const titled = { ...schema, title: 'Muster manifest', description: 'Scripts that muster-agent runs in order.' };
  return `${JSON.stringify(titled, null, 2)}\n`;
}
