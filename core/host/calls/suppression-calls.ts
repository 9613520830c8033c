import { alertLines } from '../alert-lines.ts';
import type { CallTable } from '../call-scope.ts';
import { addSuppression, removeSuppression, simulate, suppressionsOf } from '../suppressions.ts';

/** Alerts that a simulation shows. */
const MOST_EXAMPLES = 20;

export const suppressionCalls = {
  'suppressions/list': (_req, { store }) => suppressionsOf(store),

  'suppressions/simulate': ({ draft }, { store }) => {
    const ids = new Set(simulate(store, draft).map(({ id }) => id));
    return {
      hides: ids.size,
      examples: alertLines(store)
        .filter(({ id }) => ids.has(id))
        .slice(0, MOST_EXAMPLES),
    };
  },

  'suppressions/add': ({ draft }, { store, examiner, change }) =>
    change(() => addSuppression(store, draft, examiner, Date.now() * 1000)),

  'suppressions/remove': ({ id, reason }, { store, examiner, change }) =>
    change(() => ({ action: removeSuppression(store, id, reason, examiner, Date.now() * 1000) })),
} satisfies Partial<CallTable>;
