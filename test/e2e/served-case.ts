import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { CHROMIUM, investigated, launch, type Served, serve } from './app.ts';

/** A browser and a served case, there while the tests of a file run. */
export interface ServedCase {
  readonly browser: Browser;
  readonly served: Served;
}

/** The bundled sample with its findings; the path of its case. */
export const sampleCase = (): string => investigated('sample/northwind');

/** Tests over a case in a browser; without one they are skipped, which is said. */
export function describeServed(name: string, makeCase: () => string, tests: (open: ServedCase) => void): void {
  if (CHROMIUM === null) console.warn(`e2e: the tests of ${name} were not run, since this machine has no Chromium`);
  describe.skipIf(CHROMIUM === null)(name, () => {
    const open: { browser?: Browser; served?: Served } = {};
    beforeAll(async () => {
      open.served = await serve(makeCase());
      open.browser = await launch();
    });
    afterAll(async () => {
      await open.browser?.close();
      await open.served?.stop();
    });
    tests(open as ServedCase);
  });
}
