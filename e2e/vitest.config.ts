import { defineConfig } from 'vitest/config';

// These tests use the built binaries, so nothing here resolves to sources: `pnpm test` builds first.
export default defineConfig({
  test: { name: 'e2e', include: ['*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false },
});
