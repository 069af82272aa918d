import { readFileSync, writeFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** What `import()` names is a file of its own, whole like the first one, so that it costs nothing until it is needed. */
const lazyFiles: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'lazy-files',
  setup(build) {
    build.onResolve({ filter: /every-command\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './every-command.js', external: true } : undefined,
    );
  },
};

export default defineConfig({
  entry: { muster: 'src/muster.ts', 'every-command': 'src/every-command.ts' },
  // Node starts a CommonJS file about 9 ms sooner than a module, and parses a small one sooner than a readable one.
  format: 'cjs',
  outExtension: () => ({ js: '.js' }),
  minify: true,
  target: 'node22',
  clean: true,
  noExternal: [/.*/],
  define: { MUSTER_VERSION: JSON.stringify(version) },
  esbuildPlugins: [lazyFiles],
  esbuildOptions(options) {
    options.conditions = ['@muster/source'];
    // A real import() would start Node's loader of modules.
    options.supported = { 'dynamic-import': false };
  },
  async onSuccess() {
    writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
  },
});
