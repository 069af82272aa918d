import { defineConfig } from 'vitest/config';

/** What every package's tests share: they run on source, through the private export condition, without a build. */
export default defineConfig({
  resolve: { conditions: ['@muster/source'] },
  ssr: { resolve: { conditions: ['@muster/source', 'node', 'import', 'default'] } },
  test: { include: ['test/**/*.test.ts'] },
});
