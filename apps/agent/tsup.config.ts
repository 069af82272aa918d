import { rmSync, writeFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { thirdPartyLicenses } from './scripts/third-party-licenses.ts';
import { manifestJsonSchema } from './src/manifest/json-schema.ts';

const METAFILE = 'dist/metafile-esm.json';

export default defineConfig({
  entry: ['src/muster-agent.ts'],
  format: 'esm',
  target: 'node22',
  clean: true,
  // A few small files in place of hundreds: see docs/decisions/0012-the-agent-is-bundled.md.
  noExternal: [/.*/],
  minify: true,
  // pino is CommonJS, and asks for Node's own modules by `require`.
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  metafile: true,
  esbuildOptions(options) {
    options.conditions = ['@muster/source'];
  },
  async onSuccess() {
    writeFileSync('dist/manifest.schema.json', manifestJsonSchema());
    writeFileSync('dist/third-party-licenses.txt', thirdPartyLicenses(METAFILE));
    rmSync(METAFILE);
  },
});
