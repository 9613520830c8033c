import type { Status } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import type { Action } from '../store/actions.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { CallScope } from './call-scope.ts';

/** A decision about an alert as an action records it, with what stood there before. */
export interface Decided {
  readonly alert: string;
  readonly rule: string;
  readonly from: Status;
  readonly fromReason: string;
}

type Undo = (action: Action, store: CaseStore, time: number) => readonly ('findings' | 'marks')[];

/** What takes an action back, by the action's name. */
const UNDO: Readonly<Record<string, Undo>> = {
  'alert/status': ({ detail }, store) => {
    const ids = new Map(store.findings.list().map(({ key, id }) => [key, id]));
    for (const { alert, from, fromReason } of detail['alerts'] as readonly Decided[]) {
      const id = ids.get(alert);
      if (id !== undefined) store.findings.setStatus(id, from, fromReason);
    }
    return ['findings'];
  },
  'mark/add': ({ detail }, store, time) => {
    store.marks.setRemoved(detail['marks'] as number[], time);
    return ['marks'];
  },
  'mark/remove': ({ detail }, store) => {
    store.marks.setRemoved(detail['marks'] as number[], null);
    return ['marks'];
  },
  'mark/edit': ({ detail }, store) => {
    store.marks.setText(detail['mark'] as number, detail['from'] as string);
    return ['marks'];
  },
  'query/save': ({ detail }, store, time) => {
    store.savedQueries.setRemoved(detail['query'] as number, time);
    if (detail['replaced'] !== null) store.savedQueries.setRemoved(detail['replaced'] as number, null);
    return ['marks'];
  },
  'query/forget': ({ detail }, store) => {
    store.savedQueries.setRemoved(detail['query'] as number, null);
    return ['marks'];
  },
};

/** Takes an action back by a further one, whose id it gives. Raises `usage` where that cannot be. */
export function undoAction(id: number, { store, examiner, change }: CallScope): number {
  const actions = store.actions();
  const action = actions.find((candidate) => candidate.id === id);
  const undo = action !== undefined && Object.hasOwn(UNDO, action.name) ? UNDO[action.name] : undefined;
  if (action === undefined || undo === undefined || isBare(action)) throw cannot('This cannot be undone.');
  if (actions.some(({ name, detail }) => name === 'action/undo' && detail['action'] === id))
    throw cannot('This has been undone already.');
  const time = Date.now() * 1000;
  return change(() => {
    const changed = undo(action, store, time);
    return store.record({ examiner, time, name: 'action/undo', detail: { action: id, what: action.name }, changed });
  });
}

/** A status that the command line set names one alert, and no way back. */
const isBare = ({ name, detail }: Action) => name === 'alert/status' && !Array.isArray(detail['alerts']);

const cannot = (message: string) =>
  new CaseError('usage', message, { hint: 'Change it by hand; the action log shows what was there before.' });
