import type { CaseStore } from '../store/case-store.ts';

/** What the last run of the rules said of limits that it reached. */
export function warningsOf(store: CaseStore): string[] {
  const run = store.actions().findLast(({ name }) => name === 'rules/run');
  const { warnings } = (run?.detail ?? {}) as { warnings?: unknown };
  return Array.isArray(warnings) ? warnings.filter((one) => typeof one === 'string') : [];
}
