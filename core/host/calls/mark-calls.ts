import { CaseError } from '../../fault.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { StoredMark } from '../../store/marks.ts';
import type { CallTable } from '../call-scope.ts';
import { linesOf } from '../event-lines.ts';
import { type Names, placeOf, targetOf } from '../mark-places.ts';

/** Kinds that a place bears once. */
const ONCE: ReadonlySet<string> = new Set(['star', 'tag']);

export const markCalls = {
  'marks/list': ({ target, kinds, after, limit }, { store }) => {
    const rows = store.marks.list({
      ...(target !== undefined && { place: placeOf(target, store) }),
      ...(kinds !== undefined && { kinds }),
      ...(after !== undefined && { after }),
      limit: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const names = namesOf(store);
    const marks = shown.map((mark) => {
      const { id, kind, text, examiner, time } = mark;
      return { id, kind, text, examiner, time, ...targetOf(mark, names, (event) => lineOf(event, store)) };
    });
    return { rows: marks, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  },

  'marks/tags': (_req, { store }) => store.marks.tags(),

  'marks/add': ({ targets, mark }, { store, examiner, change }) => {
    const time = Date.now() * 1000;
    const { kind } = mark;
    const text = kind === 'star' ? '' : mark.text;
    if (kind !== 'star' && text.trim() === '') throw new CaseError('usage', `A ${kind} needs a text.`);
    const places = targets.map((target) => placeOf(target, store));
    return change(() => {
      const fresh = places.filter((place) => !ONCE.has(kind) || store.marks.find(kind, text, place).length === 0);
      const ids = fresh.map((place) => store.marks.add(kind, text, place, examiner, time));
      const detail = { kind, text, marks: ids, targets: fresh.map(({ kind: of, name }) => ({ kind: of, name })) };
      return { action: store.record({ examiner, time, name: 'mark/add', detail, changed: ['marks'] }), ids };
    });
  },

  'marks/take-off': ({ targets, mark: { kind, text } }, { store, examiner, change }) => {
    const time = Date.now() * 1000;
    const places = targets.map((target) => placeOf(target, store));
    return change(() => {
      const ids = places.flatMap((place) => store.marks.find(kind, kind === 'star' ? '' : text, place));
      store.marks.setRemoved(ids, time);
      const detail = { kind, text, marks: ids, targets: places.map(({ kind: of, name }) => ({ kind: of, name })) };
      const action = store.record({ examiner, time, name: 'mark/remove', detail, changed: ['marks'] });
      return { action, removed: ids.length };
    });
  },

  'marks/remove': ({ ids }, { store, examiner, change }) => {
    const marks = ids.map((id) => known(id, store));
    const time = Date.now() * 1000;
    return change(() => {
      store.marks.setRemoved(ids, time);
      const targets = marks.map(({ targetKind, target }) => ({ kind: targetKind, name: target }));
      const detail = { kind: marks[0]?.kind, text: marks[0]?.text, marks: ids, targets };
      return { action: store.record({ examiner, time, name: 'mark/remove', detail, changed: ['marks'] }) };
    });
  },

  'marks/edit': ({ id, text }, { store, examiner, change }) => {
    const mark = known(id, store);
    const time = Date.now() * 1000;
    return change(() => {
      store.marks.setText(id, text);
      const detail = { mark: id, kind: mark.kind, from: mark.text, to: text };
      return { action: store.record({ examiner, time, name: 'mark/edit', detail, changed: ['marks'] }) };
    });
  },
} satisfies Partial<CallTable>;

function known(id: number, store: CaseStore): StoredMark {
  const mark = store.marks.get(id);
  if (mark !== undefined) return mark;
  throw new CaseError('mark/unknown', `There is no mark ${id} in this case.`, { hint: 'It may have been removed.' });
}

function namesOf(store: CaseStore): Names {
  const byKey = (items: readonly { key: string; id: number; title: string }[]) =>
    new Map(items.map(({ key, id, title }) => [key, { id, title }]));
  return { alerts: byKey(store.findings.list()), incidents: byKey(store.findings.incidents.list()) };
}

function lineOf(event: number, store: CaseStore) {
  const [line] = linesOf([event], store);
  if (line === undefined) throw new Error(`event ${event} has no line`);
  return line;
}
