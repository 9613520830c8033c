import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRuleFiles } from '../../core/detect/load-rules.ts';
import { compilePack } from '../../core/detect/pack.ts';
import { eventOf } from '../../core/host/event-rows.ts';
import { Hunting, selectRule } from '../../core/host/hunting.ts';
import { CaseStore } from '../../core/store/case-store.ts';
import { CONTEXT, caseOf, newCasePath, SAMPLES } from './case.ts';

test('what columns and rules select in a case is what the rules match, event by event', async () => {
  const path = newCasePath();
  const northwind = join(import.meta.dirname, '../../sample/northwind');
  (await caseOf([SAMPLES, northwind], {}, path)).close();
  const store = CaseStore.open(path, 'read');
  const hunting = new Hunting(store);
  const { id } = hunting.source.index.columns;
  const events = Array.from(id, (one) => eventOf(store.events, one));
  const { rules } = compilePack(loadRuleFiles({ shipped: true, paths: [] }).set);

  for (const rule of rules) {
    const selection = selectRule(hunting, rule);
    await selection.decideAll(CONTEXT.signal);
    const expected = events.flatMap((event, row) => (rule.matches(event) ? [row] : []));
    const found = [...selection.mask].flatMap((isSelected, row) => (isSelected === 1 ? [row] : []));
    expect([rule.path, found]).toEqual([rule.path, expected]);
  }
  store.close();
});
