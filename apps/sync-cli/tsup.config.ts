import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Options } from 'tsup';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/**
 * Packages that set up tables when they are loaded, which takes longer than most calls, and the function that each is used for.
 * They measure texts with more than ASCII, and find what a slip was meant to be.
 */
const LAZY_PACKAGES: Readonly<Record<string, string>> = {
  'fast-string-width': 'default',
  'fastest-levenshtein': 'distance',
};

/** What costs nothing until it is needed is a file of its own, whole like the first one: what `import()` names, and those packages. */
const lazyFiles: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'lazy-files',
  setup(build) {
    build.onResolve({ filter: /every-command\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './every-command.js', external: true } : undefined,
    );
    build.onResolve({ filter: /^[a-z-]+$/ }, ({ path }) =>
      Object.hasOwn(LAZY_PACKAGES, path) ? { path, namespace: 'lazy' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => {
      const name = LAZY_PACKAGES[path];
      return {
        contents: `const call = (...given) => require('./${path}.js').${name}(...given); export { call as ${name} };`,
      };
    });
    build.onResolve({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({ path, external: true }));
  },
};

export default defineConfig({
  entry: {
    muster: 'src/muster.ts',
    'every-command': 'src/every-command.ts',
    ...Object.fromEntries(Object.keys(LAZY_PACKAGES).map((name) => [name, fileURLToPath(import.meta.resolve(name))])),
  },
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
