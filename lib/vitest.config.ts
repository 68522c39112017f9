import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^server-only$/, replacement: `${root}/lib/server/server-only.empty.ts` },
      { find: /^@\//, replacement: `${root}/` },
    ],
  },
  test: {
    include: ['lib/**/*.test.ts', 'components/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts'],
    environment: 'node',
    globalSetup: './lib/vitest.scratch.ts',
    maxWorkers: 2,
    // Half of the time went into importing the same modules for each file. No module keeps anything from test to test.
    isolate: false,
    testTimeout: 20_000,
  },
});
