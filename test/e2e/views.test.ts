import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM, imported, investigated, launch, openView, type Served, serve, VIEWS, watchedPage } from './app.ts';

if (CHROMIUM === null) console.warn('e2e: the tests of the views were not run, since this machine has no Chromium');

const CASES: Readonly<Record<string, () => string>> = {
  'the bundled sample': () => investigated('sample/northwind'),
  'hostile strings': () => investigated('test/fixtures/format-samples/hostile--strings.jsonl'),
  'a case without events': () => imported('test/fixtures/format-samples/damaged--empty.log'),
};

describe.skipIf(CHROMIUM === null).each(Object.keys(CASES))('every view of %s', (name) => {
  let browser: Browser;
  let served: Served;

  beforeAll(async () => {
    served = await serve((CASES[name] as () => string)());
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  });

  test.each(['dark', 'light'] as const)(
    'shows itself in %s without a serious fault of accessibility, policy or network',
    async (scheme) => {
      const { page, context, problems } = await watchedPage(browser, served.url, scheme);
      const violations: string[] = [];

      for (const view of VIEWS) {
        await openView(page, view);
        const { violations: found } = await new AxeBuilder({ page }).analyze();
        violations.push(
          ...found
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${view}: ${id} ${nodes[0]?.html}`),
        );
      }

      expect({ violations, problems }).toEqual({ violations: [], problems: [] });
      await context.close();
    },
  );
});
