import { configDefaults, defineConfig } from 'vitest/config';

/** Tests of the shell want the app to be built. */
const SHELL = ['test/electron/shell.test.ts', 'test/electron/story/*.test.ts', 'test/electron/{old,packed}/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // What is polled for is a state to come, however slow the machine is.
    expect: { poll: { timeout: 80_000 } },
    maxWorkers: 2,
    // As the program itself does (core/web-assembly.ts), since tests start threads without it.
    execArgv: ['--no-wasm-code-gc'],
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/e2e/**', 'test/bench/**', 'test/packages/**', ...SHELL],
        },
      },
      {
        extends: true,
        test: {
          name: 'shell',
          include: SHELL,
          globalSetup: 'test/electron/prepare.ts',
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
