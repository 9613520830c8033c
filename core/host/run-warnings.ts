import type { RunWarning } from '../contract/rows.ts';
import type { CaseStore } from '../store/case-store.ts';

/** What the last run of the rules said of limits that it reached. */
export function warningsOf(store: CaseStore): RunWarning[] {
  const run = store.actions().findLast(({ name }) => name === 'rules/run');
  const { warnings } = (run?.detail ?? {}) as { warnings?: unknown };
  return Array.isArray(warnings) ? warnings.filter(isWarning) : [];
}

const isWarning = (value: unknown): value is RunWarning =>
  typeof value === 'object' && value !== null && 'kind' in value && 'text' in value;
