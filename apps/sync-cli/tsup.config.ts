import { readFileSync, writeFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

export default defineConfig({
  entry: { muster: 'src/muster.ts' },
  // Node starts a CommonJS file about 9 ms sooner than a module, and parses a small one sooner than a readable one.
  format: 'cjs',
  outExtension: () => ({ js: '.js' }),
  minify: true,
  target: 'node22',
  clean: true,
  noExternal: [/.*/],
  define: { MUSTER_VERSION: JSON.stringify(version) },
  esbuildOptions(options) {
    options.conditions = ['@muster/source'];
  },
  async onSuccess() {
    writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
  },
});
