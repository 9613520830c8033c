import { defineConfig } from 'vitest/config';

/** Packages, and what they install: one after another, since there is one place to install to. */
export default defineConfig({
  test: {
    include: ['test/packages/*.test.ts'],
    globalSetup: 'test/electron/prepare.ts',
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
