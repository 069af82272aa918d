import { writeFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { manifestJsonSchema } from './src/manifest/json-schema.ts';

export default defineConfig({
  entry: ['src/muster-agent.ts'],
  format: 'esm',
  target: 'node22',
  clean: true,
  async onSuccess() {
    writeFileSync('dist/manifest.schema.json', manifestJsonSchema());
  },
});
