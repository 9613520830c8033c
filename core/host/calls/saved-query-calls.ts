import { CaseError } from '../../fault.ts';
import type { CallTable } from '../call-scope.ts';

export const savedQueryCalls = {
  'hunt/saved': (_req, { store }) => store.savedQueries.list(),
  'hunt/save': ({ name, kind, text }, { store, examiner, change }) => {
    const time = Date.now() * 1000;
    const before = store.savedQueries.list().find((query) => query.name === name && query.kind === kind);
    return change(() => {
      if (before !== undefined) store.savedQueries.setRemoved(before.id, time);
      const saved = store.savedQueries.add({ name, kind, text, examiner, time });
      const detail = { query: saved.id, name, kind, text, replaced: before?.id ?? null };
      store.record({ examiner, time, name: 'query/save', detail, changed: ['marks'] });
      return saved;
    });
  },
  'hunt/forget': ({ id }, { store, examiner, change }) => {
    const query = store.savedQueries.get(id);
    if (query === undefined) throw new CaseError('mark/unknown', `There is no saved query ${id}.`);
    const time = Date.now() * 1000;
    return change(() => {
      store.savedQueries.setRemoved(id, time);
      const detail = { query: id, name: query.name };
      return { action: store.record({ examiner, time, name: 'query/forget', detail, changed: ['marks'] }) };
    });
  },
} satisfies Partial<CallTable>;
