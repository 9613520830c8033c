import { defineConfig } from 'vitest/config';

/** End to end: the served app in a real Chromium. One after another, since each wants the machine. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 180_000,
    // What is polled for is a state to come, however slow the machine is: the default of a second would be a test of its speed.
    expect: { poll: { timeout: 120_000 } },
    // As the program itself does (core/web-assembly.ts), since tests start threads without it.
    execArgv: ['--no-wasm-code-gc'],
    maxWorkers: 1,
    fileParallelism: false,
  },
});
