import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    'protocol/index': 'src/protocol/index.ts',
    'server/index': 'src/server/index.ts',
    'client/index': 'src/client/index.ts',
  },
  format: 'esm',
  target: 'node22',
  clean: true,
});
